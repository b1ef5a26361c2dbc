#include "services/model-serving/src/rejected_rows.hpp"

#include "services/model-serving/src/journal_segment.hpp"

#include <lakegate/core/json_writer.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::model_serving {

namespace {

std::string line_of(const log_record& x) {
  json_writer w;
  w.begin_object()
      .member("request_id", x.request_id)
      .member("endpoint_name", x.endpoint_name)
      .member("user_id", x.user_id)
      .member("inputs", x.inputs)
      .member("predictions", x.predictions)
      .member("status", x.status)
      .member("execution_time_ms", x.execution_time_ms)
      .member("error_message", x.error_message)
      .member("created_at_ms", x.created_at_ms)
      .member("completed_at_ms", x.completed_at_ms)
      .end_object();
  return std::move(w).str() + '\n';
}

/// All at once or not at all: what is less may be a line that is torn, and is cut off.
bool append(int descriptor, std::string_view line, const std::filesystem::path& folder) {
  struct stat before {};
  if (::fstat(descriptor, &before) != 0)
    return false;
  errno = ENOSPC; // What a write that stops short means, but does not say (write(2)).
  if (::write(descriptor, line.data(), line.size()) == std::ssize(line)
      && ::fdatasync(descriptor) == 0 && sync_directory(folder))
    return true;
  const auto why = errno;
  // If this fails, too, the file has a torn line, and the row comes again behind it.
  [[maybe_unused]] auto ignored = ::ftruncate(descriptor, before.st_size);
  errno = why;
  return false;
}

} // namespace

bool append_rejected_row(const std::filesystem::path& file, const log_record& x) {
  const auto descriptor =
      ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return false;
  const auto is_kept = append(descriptor, line_of(x), file.parent_path());
  const auto why = errno;
  ::close(descriptor);
  errno = why;
  return is_kept;
}

} // namespace lakegate::model_serving
