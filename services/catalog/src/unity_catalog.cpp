#include "services/catalog/src/unity_catalog.hpp"

#include "services/catalog/src/catalog_errors.hpp"
#include "services/catalog/src/listing_flight.hpp"
#include "services/catalog/src/upstream_calls.hpp"

#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/network_guard.hpp>

#include <caf/stateful_actor.hpp>

#include <algorithm>
#include <iterator>

namespace lakegate::catalog {

caf::actor_clock::time_point listing_flight::deadline() const {
  auto later = [](const auto& a, const auto& b) { return a.deadline < b.deadline; };
  return std::max_element(waiters.begin(), waiters.end(), later)->deadline;
}

namespace {

using implementation =
    unity_catalog_actor::extend<caf::reacts_to<caf::tick_atom, std::uint64_t>>;

failure nobody_waits() {
  return {errc::catalog_unavailable, "The listing was cancelled.", {}, caf::none};
}

failure too_late() {
  return {errc::catalog_unavailable,
          "Unity Catalog did not answer in time. Try again shortly.",
          {},
          caf::none};
}

struct unity_catalog_state {
  static inline const char* name = "unity-catalog";

  explicit unity_catalog_state(implementation::pointer selfptr) : self{selfptr} {}

  ~unity_catalog_state() {
    end_waiting([](const listing_waiter&) { return true; },
                {errc::service_unavailable, {}, {}, caf::none});
  }

  // -- requests -------------------------------------------------------------------

  /// Answers `who` with part of the list `key`, whose token is filled in here.
  template <class Result>
  caf::result<Result> list(const caller& who, listing_key key, const slice& part) {
    taken(who);
    faults found;
    check_list(names_of(key), part, found);
    if (!found.empty())
      return refuse(make_error(errc::invalid_query, found));
    if (who.time_left <= caf::timespan{0})
      return refuse(make_error(too_late()));
    key.token = who.token;
    auto promise = self->template make_response_promise<Result>();
    auto [flight, is_new] = flight_of(std::move(key), who);
    add_waiter(flight, who, part, promise, is_new ? nullptr : who.meter);
    if (is_new)
      read_page(flight);
    else
      parts.counters->listing_shared();
    if (who.meter)
      who.meter->set_cache(is_new ? cache_verdict::miss : cache_verdict::shared);
    return promise;
  }

  /// Answers the waiter of that call, if there is one; all others wait on.
  template <class Predicate>
  void end_waiting(Predicate is_meant, const failure& why) {
    for (auto i = flights.begin(); i != flights.end();) {
      auto flight = *i;
      std::erase_if(flight->waiters, [&](listing_waiter& x) {
        if (!is_meant(x))
          return false;
        fail(x, why);
        return true;
      });
      i = flight->waiters.empty() ? flights.erase(i) : i + 1;
    }
  }

  // -- flights ----------------------------------------------------------------------

  std::pair<flight_ptr, bool> flight_of(listing_key key, const caller& who) {
    for (const auto& flight : flights)
      if (flight->key == key)
        return {flight, false};
    auto ctx = databricks::context_of(who);
    ctx.call_id = 0;
    flights.push_back(std::make_shared<listing_flight>(std::move(key), std::move(ctx),
                                                       parts.bounds.max_pages));
    return {flights.back(), true};
  }

  template <class Promise>
  void add_waiter(const flight_ptr& flight, const caller& who, const slice& part,
                  Promise promise, meter_ptr waits_for_another) {
    listing_waiter x;
    x.wait = hop_timer{std::move(waits_for_another), hop::upstream};
    x.call_id = who.call_id;
    x.user_id = who.user_id;
    x.correlation_id = who.correlation_id;
    x.traceparent = who.traceparent;
    x.part = part;
    x.started = calls->now();
    x.deadline = x.started + who.time_left;
    x.answer = std::move(promise);
    x.timer = calls->after(who.time_left, [this, id = next_waiter] {
      end_waiting([id](const listing_waiter& y) { return y.id == id; }, too_late());
    });
    x.id = next_waiter++;
    flight->waiters.push_back(std::move(x));
  }

  void read_page(const flight_ptr& flight) {
    const auto& key = flight->key;
    const auto& token = flight->walk.token();
    switch (key.kind) {
    case list_kind::catalogs:
      return ask<databricks::name_page>(flight,
                                        databricks::list_catalogs{flight->ctx, token});
    case list_kind::schemas:
      return ask<databricks::name_page>(
          flight, databricks::list_schemas{flight->ctx, key.catalog, token});
    default:
      return ask<databricks::table_page>(
          flight, databricks::list_tables{flight->ctx, key.catalog, key.schema,
                                          key.kind == list_kind::tables, token});
    }
  }

  template <class Page, class Command>
  void ask(const flight_ptr& flight, Command command) {
    call_rules rules{repeatable::read, [flight] { return flight->deadline(); },
                     [flight] { return !flight->waiters.empty(); }};
    calls->template call<Page>(
        parts.workspace, std::move(command), std::move(rules),
        [this, flight](Page& page) { take_page(flight, page); },
        [this, flight](const databricks::upstream_failure& x) { fail(flight, x); });
  }

  template <class Page>
  void take_page(const flight_ptr& flight, Page& page) {
    parts.counters->page_read();
    if (flight->waiters.empty())
      return;
    keep(*flight, page);
    switch (flight->walk.turn(page.next_page_token)) {
    case page_walk::step::next_page:
      return read_page(flight);
    case page_walk::step::finished:
      return finish(flight);
    case page_walk::step::broken:
      databricks::upstream_failure x;
      x.kind = databricks::failure_kind::invalid_response;
      return fail(flight, x);
    }
  }

  static void keep(listing_flight& flight, databricks::name_page& page) {
    std::move(page.names.begin(), page.names.end(), std::back_inserter(flight.names));
  }

  static void keep(listing_flight& flight, databricks::table_page& page) {
    if (flight.key.kind == list_kind::tables)
      std::move(page.tables.begin(), page.tables.end(),
                std::back_inserter(flight.tables));
    else
      for (auto& table : page.tables)
        flight.names.push_back(std::move(table.name));
  }

  // -- answers ----------------------------------------------------------------------

  void finish(const flight_ptr& flight) {
    std::erase(flights, flight);
    for (auto& x : flight->waiters) {
      x.wait.end();
      if (auto promise = std::get_if<caf::typed_response_promise<name_page>>(&x.answer))
        promise->deliver(cut_names(flight->names, x.part));
      else
        deliver_tables(*flight, x);
      end(x, errc::none);
    }
    flight->waiters.clear();
  }

  void deliver_tables(const listing_flight& flight, listing_waiter& x) {
    auto& promise = std::get<caf::typed_response_promise<table_page>>(x.answer);
    auto page = cut_tables(flight.tables, x.part, parts.bounds.max_result_bytes);
    if (page)
      promise.deliver(std::move(*page));
    else
      promise.deliver(page.error());
  }

  void fail(const flight_ptr& flight, const databricks::upstream_failure& why) {
    std::erase(flights, flight);
    const auto& key = flight->key;
    for (auto& x : flight->waiters)
      fail(x, failure_of_call(why, {key.catalog, key.schema, {}, x.user_id},
                              errc::catalog_unavailable));
    flight->waiters.clear();
  }

  void fail(listing_waiter& x, const failure& why) {
    x.wait.end();
    std::visit([&](auto& promise) { promise.deliver(make_error(why)); }, x.answer);
    end(x, why.code);
  }

  void end(listing_waiter& x, errc outcome) {
    calls->cancel_timer(x.timer);
    auto took = calls->now() - x.started;
    parts.counters->listing_finished(outcome, took);
    auto severity = spec_of(outcome).status >= 500 ? log::level::warn : log::level::info;
    log::event(severity, "listing_finished",
               {{"correlation_id", x.correlation_id},
                {"traceparent", x.traceparent},
                {"outcome", spec_of(outcome).name},
                {"took_ms",
                 std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
  }

  caf::error refuse(caf::error why) {
    parts.counters->listing_finished(failure_of(why).code, caf::timespan{0});
    return why;
  }

  static std::vector<std::pair<std::string_view, std::string_view>>
  names_of(const listing_key& key) {
    switch (key.kind) {
    case list_kind::catalogs:
      return {};
    case list_kind::schemas:
      return {{"catalog", key.catalog}};
    default:
      return {{"catalog", key.catalog}, {"schema", key.schema}};
    }
  }

  implementation::pointer self;
  unity_catalog_dependencies parts;
  std::unique_ptr<upstream_calls<std::remove_pointer_t<implementation::pointer>>> calls;
  std::vector<flight_ptr> flights;
  std::uint64_t next_waiter = 1;
};

implementation::behavior_type
unity_catalog(implementation::stateful_pointer<unity_catalog_state> self,
              unity_catalog_dependencies parts) {
  auto& state = self->state;
  runtime::set_quiet_handlers(*self, state.name);
  using calls_type = std::remove_reference_t<decltype(*state.calls)>;
  state.calls =
      std::make_unique<calls_type>(self, parts.bounds, parts.counters, parts.known);
  state.parts = std::move(parts);
  return {
      [self](const list_catalogs& x) {
        return self->state.list<name_page>(x.who, {list_kind::catalogs, {}, {}, {}},
                                           x.part);
      },
      [self](const list_schemas& x) {
        return self->state.list<name_page>(x.who, {list_kind::schemas, x.catalog, {}, {}},
                                           x.part);
      },
      [self](const list_table_names& x) {
        return self->state.list<name_page>(
            x.who, {list_kind::table_names, x.catalog, x.schema, {}}, x.part);
      },
      [self](const list_tables& x) {
        return self->state.list<table_page>(
            x.who, {list_kind::tables, x.catalog, x.schema, {}}, x.part);
      },
      [self](const cancel_call& x) {
        self->state.end_waiting(
            [id = x.call_id](const listing_waiter& y) {
              return id != 0 && y.call_id == id;
            },
            nobody_waits());
      },
      [self](caf::tick_atom, std::uint64_t timer) { self->state.calls->fire(timer); },
  };
}

} // namespace

unity_catalog_actor spawn_unity_catalog(caf::actor_system& system,
                                        unity_catalog_dependencies parts) {
  return system.spawn(unity_catalog, std::move(parts));
}

} // namespace lakegate::catalog
