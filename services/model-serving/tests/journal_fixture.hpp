#pragma once

#include "services/model-serving/src/journal.hpp"

#include <lakegate/core/errors.hpp>
#include <lakegate/testing/temporary_folder.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace lakegate::model_serving::test {

inline log_record Record(std::string request_id) {
  log_record x;
  x.request_id = std::move(request_id);
  x.endpoint_name = "fare";
  x.user_id = "ann@example.com";
  x.inputs = R"({"trip_distance":1.5})";
  x.predictions = R"({"predictions":[7.25]})";
  x.status = "SUCCESS";
  x.execution_time_ms = 12;
  x.created_at_ms = 1'763'812'800'123;
  x.completed_at_ms = 1'763'812'800'135;
  return x;
}

/// Waits for the callback of an asynchronous call, at most ten seconds.
template <class T, class Call>
T Await(Call call) {
  auto promise = std::make_shared<std::promise<T>>();
  auto future = promise->get_future();
  call([promise](T x) { promise->set_value(std::move(x)); });
  if (future.wait_for(std::chrono::seconds{10}) != std::future_status::ready)
    throw std::runtime_error{"no callback within ten seconds"};
  return future.get();
}

inline journal_room_ptr Reserve(journal& j, std::uint64_t bytes) {
  return Await<journal_room_ptr>([&](auto done) { j.reserve(bytes, std::move(done)); });
}

/// Sets room aside and appends, as the log actor does.
inline journal::outcome Write(journal& j, const log_record& x) {
  auto frame = encode_frame(x);
  auto room = Reserve(j, frame.size());
  if (!room)
    return journal::outcome::failed;
  return Await<journal::outcome>(
      [&](auto done) { j.append(std::move(frame), {}, room, std::move(done)); });
}

/// A journal directory that is gone after the test.
class journal_directory {
public:
  journal_directory() {
    config.directory = root_.path() / "journal";
    config.segment_bytes = 64 * 1024;
  }

  std::unique_ptr<journal> Open() const {
    auto result = journal::open(config);
    if (!result)
      throw std::runtime_error{failure_of(result.error()).message};
    return std::move(*result);
  }

  static journal_batch Read(journal& j, journal_position from,
                            std::size_t max_records = 1000,
                            std::uint64_t max_bytes = 1 << 30) {
    return Await<journal_batch>(
        [&](auto done) { j.read(from, max_records, max_bytes, std::move(done)); });
  }

  std::vector<std::filesystem::path> Files() const {
    return journal_segment::list(config.directory);
  }

  journal_config config;

private:
  lakegate::test::temporary_folder root_;
};

} // namespace lakegate::model_serving::test
