#include "services/model-serving/src/inference_log_state.hpp"

#include "services/model-serving/src/log_rows.hpp"
#include "services/model-serving/src/sql.hpp"

#include <caf/send.hpp>

// What the INFERENCE LOG actor is asked: room, rows, pages. How rows get from the journal
// into the table is in inference_log_writer.cpp.
namespace lakegate::model_serving {

namespace {

/// For a caller that does not say how long it waits.
constexpr std::chrono::seconds default_time_left{30};

std::string frame_without_predictions(log_record x) {
  x.predictions = std::nullopt;
  x.status = "ERROR";
  x.error_message = "The predictions could not be logged: the journal is full.";
  return encode_frame(x);
}

} // namespace

inference_log_actor spawn_inference_log(caf::actor_system& system,
                                        inference_log_config config,
                                        std::shared_ptr<journal> rows,
                                        postgres::database_actor database,
                                        std::shared_ptr<metrics> counted) {
  using self_pointer = inference_log_state::self_pointer;
  auto behavior = [=](self_pointer self) {
    self->state.init(self, config, rows, database, counted);
    return inference_log_actor::behavior_type{
        [self](const reserve_log_row& x) -> caf::result<log_row_reserved> {
          auto answer = self->make_response_promise<log_row_reserved>();
          self->state.reserve(x, answer);
          return answer;
        },
        [self](append_log_row& x) -> caf::result<log_row_appended> {
          auto answer = self->make_response_promise<log_row_appended>();
          self->state.append(std::move(x), answer);
          return answer;
        },
        [self](list_inference_logs& x) -> caf::result<inference_log_page> {
          auto answer = self->make_response_promise<inference_log_page>();
          self->state.list(std::move(x), answer);
          return answer;
        },
        [self](const flush_log& x) -> caf::result<log_flushed> {
          auto answer = self->make_response_promise<log_flushed>();
          self->state.flush(x.time_left, answer);
          return answer;
        },
        [self](journal_has_room& x) { self->state.on_room(std::move(x)); },
        [self](const journal_has_written& x) { self->state.on_written(x); },
        [self](journal_has_read& x) { self->state.on_batch(std::move(x.batch)); },
        [self](const journal_has_rejected& x) { self->state.on_rejected(x); },
        [self](const write_log_batch& x) { self->state.on_timer(x); },
    };
  };
  return system.spawn(std::move(behavior));
}

void inference_log_state::init(self_pointer self, inference_log_config config,
                               std::shared_ptr<journal> rows,
                               postgres::database_actor database,
                               std::shared_ptr<metrics> counted) {
  self_ = self;
  config_ = config;
  journal_ = std::move(rows);
  database_ = std::move(database);
  counted_ = std::move(counted);
  if (!journal_)
    return;
  position_ = journal_->begin();
  report();
  if (position_ < journal_->end())
    read_batch();
}

void inference_log_state::reserve(const reserve_log_row& x, room_promise answer) {
  auto room = journal_ ? journal_->try_reserve(x.bytes) : nullptr;
  if (!journal_ || room) {
    answer.deliver(log_row_reserved{std::move(room)});
    return;
  }
  auto ticket = next_ticket_++;
  rooms_.emplace(ticket, std::move(answer));
  journal_->reserve(x.bytes,
                    [me = inference_log_actor{self_}, ticket](journal_room_ptr got) {
                      caf::anon_send(me, journal_has_room{ticket, std::move(got)});
                    });
}

void inference_log_state::on_room(journal_has_room x) {
  auto waiting = rooms_.extract(x.ticket);
  if (waiting.empty())
    return;
  if (x.room)
    waiting.mapped().deliver(log_row_reserved{std::move(x.room)});
  else
    waiting.mapped().deliver(make_error(errc::database_unavailable));
}

void inference_log_state::append(append_log_row x, append_promise answer) {
  if (!journal_) {
    answer.deliver(log_row_appended{});
    return;
  }
  auto ticket = next_ticket_++;
  appends_.emplace(ticket, std::move(answer));
  auto frame = encode_frame(x.row);
  std::function<std::string()> fallback;
  if (x.row.predictions)
    fallback = [row = std::move(x.row)] { return frame_without_predictions(row); };
  journal_->append(std::move(frame), std::move(fallback), x.room,
                   [me = inference_log_actor{self_}, ticket](journal::outcome how) {
                     caf::anon_send(me, journal_has_written{ticket, how});
                   });
}

void inference_log_state::on_written(const journal_has_written& x) {
  auto waiting = appends_.extract(x.ticket);
  if (waiting.empty())
    return;
  if (x.how == journal::outcome::failed)
    waiting.mapped().deliver(make_error(errc::database_unavailable));
  else
    waiting.mapped().deliver(log_row_appended{x.how == journal::outcome::written});
  if (phase_ == phase::idle)
    set_timer(phase::lingering, config_.linger);
}

void inference_log_state::list(list_inference_logs x, page_promise answer) {
  taken(x.who);
  if (!journal_) {
    answer.deliver(make_error(errc::lakebase_not_configured));
    return;
  }
  faults found;
  check_log_query(x, found);
  if (!found.empty()) {
    answer.deliver(make_error(errc::invalid_request, found));
    return;
  }
  if (x.who.time_left <= caf::timespan{0})
    x.who.time_left = default_time_left;
  auto deadline = self_->clock().now() + x.who.time_left;
  auto flushing = std::make_shared<hop_timer>(x.who.meter, hop::database);
  when_flushed(x.who.time_left, [=, this](caf::error fault) mutable {
    flushing->end();
    if (fault) {
      answer.deliver(std::move(fault));
      return;
    }
    x.who.time_left = deadline - self_->clock().now();
    ask_for_page(x, answer);
  });
}

void inference_log_state::ask_for_page(const list_inference_logs& x,
                                       page_promise answer) {
  if (x.who.time_left <= caf::timespan{0}) {
    answer.deliver(make_error(errc::database_unavailable));
    return;
  }
  self_
      ->request(database_, x.who.time_left,
                postgres::query{&sql::list_inference_logs,
                                list_parameters(x, config_.page_bytes), x.who.time_left,
                                x.who.correlation_id, x.who.traceparent, x.who.meter})
      .then(
          [answer](const postgres::rows_ptr& rows) mutable {
            auto page = read_log_page(*rows);
            if (page)
              answer.deliver(std::move(*page));
            else
              answer.deliver(std::move(page.error()));
          },
          [answer](const caf::error& why) mutable {
            auto is_ours = failure_of(why).code != errc::service_unavailable;
            answer.deliver(is_ours ? why : make_error(errc::database_unavailable));
          });
}

void inference_log_state::flush(caf::timespan time_left, flush_promise answer) {
  if (!journal_) {
    answer.deliver(log_flushed{});
    return;
  }
  when_flushed(time_left, [answer](caf::error fault) mutable {
    if (fault)
      answer.deliver(std::move(fault));
    else
      answer.deliver(log_flushed{});
  });
}

} // namespace lakegate::model_serving
