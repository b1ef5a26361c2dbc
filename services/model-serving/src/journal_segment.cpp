#include "services/model-serving/src/journal_segment.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>

namespace lakegate::model_serving {

namespace {

constexpr std::string_view extension = ".journal";

std::filesystem::path file_name(std::uint64_t number) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%016llu%s",
                static_cast<unsigned long long>(number), extension.data());
  return buffer;
}

std::optional<std::uint64_t> number_of(const std::filesystem::path& path) {
  if (path.extension() != extension)
    return std::nullopt;
  auto stem = path.stem().string();
  std::uint64_t number = 0;
  auto [end, fault] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (fault != std::errc{} || end != stem.data() + stem.size())
    return std::nullopt;
  return number;
}

bool read_exactly(int descriptor, std::uint64_t offset, char* to, std::size_t n) {
  while (n > 0) {
    auto got = ::pread(descriptor, to, n, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    offset += static_cast<std::uint64_t>(got);
    to += got;
    n -= static_cast<std::size_t>(got);
  }
  return true;
}

/// Records are small and read in order: one system call for many of them.
class read_ahead {
public:
  read_ahead(int descriptor, std::uint64_t end) : descriptor_{descriptor}, end_{end} {}

  /// `n` bytes at `offset`, valid until the next call; nothing if they are not there.
  std::optional<std::string_view> view(std::uint64_t offset, std::size_t n) {
    if (offset < begin_ || offset + n > begin_ + buffer_.size()) {
      auto wanted = std::min<std::uint64_t>(std::max(n, block), end_ - offset);
      buffer_.resize(std::max<std::uint64_t>(wanted, n));
      begin_ = offset;
      if (!read_exactly(descriptor_, offset, buffer_.data(), buffer_.size())) {
        buffer_.clear();
        return std::nullopt;
      }
    }
    return std::string_view{buffer_}.substr(offset - begin_, n);
  }

private:
  static constexpr std::size_t block = 64 * 1024;
  int descriptor_;
  std::uint64_t end_;
  std::uint64_t begin_ = 0;
  std::string buffer_;
};

/// Bytes of [offset, end) up to the last one that is not zero.
std::uint64_t written_bytes(int descriptor, std::uint64_t offset, std::uint64_t end) {
  std::uint64_t result = 0;
  std::string buffer(64 * 1024, '\0');
  for (auto at = offset; at < end; at += buffer.size()) {
    auto n = std::min<std::uint64_t>(buffer.size(), end - at);
    if (!read_exactly(descriptor, at, buffer.data(), n))
      break;
    auto last = std::string_view{buffer}.substr(0, n).find_last_not_of('\0');
    if (last != std::string_view::npos)
      result = at + last + 1 - offset;
  }
  return result;
}

} // namespace

std::shared_ptr<journal_segment>
journal_segment::create(const std::filesystem::path& directory, std::uint64_t number,
                        std::uint64_t bytes) {
  auto path = directory / file_name(number);
  auto descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return nullptr;
  std::shared_ptr<journal_segment> result{
      new journal_segment{descriptor, std::move(path), number}};
  if (!result->allocate(bytes)) {
    auto why = errno;
    result->remove();
    errno = why;
    return nullptr;
  }
  return result;
}

journal_segment::recovery journal_segment::recover(const std::filesystem::path& path) {
  recovery result;
  auto number = number_of(path);
  auto descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (!number || descriptor < 0)
    return result;
  result.segment.reset(new journal_segment{descriptor, path, *number});
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0)
    return result;
  auto size = static_cast<std::uint64_t>(facts.st_size);
  result.end = result.segment->read(0, size, [&](const log_record&, std::uint64_t) {
    ++result.records;
    return true;
  });
  result.torn_bytes = written_bytes(descriptor, result.end, size);
  result.segment->truncate(result.end);
  return result;
}

std::vector<std::filesystem::path>
journal_segment::list(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> result;
  std::error_code ignored;
  for (const auto& x : std::filesystem::directory_iterator{directory, ignored})
    if (number_of(x.path()))
      result.push_back(x.path());
  std::sort(result.begin(), result.end());
  return result;
}

journal_segment::~journal_segment() {
  ::close(descriptor_);
}

bool journal_segment::allocate(std::uint64_t bytes) noexcept {
  // Returns the error instead of setting errno (posix_fallocate(3)).
  if (auto fault = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
      fault != 0) {
    errno = fault;
    return false;
  }
  return true;
}

bool journal_segment::write(std::uint64_t offset,
                            const std::vector<std::string_view>& pieces) noexcept {
  std::vector<iovec> vectors;
  vectors.reserve(pieces.size());
  for (auto x : pieces)
    vectors.push_back({const_cast<char*>(x.data()), x.size()});
  for (std::size_t first = 0; first < vectors.size();) {
    auto count = std::min<std::size_t>(vectors.size() - first, IOV_MAX);
    auto done = ::pwritev(descriptor_, vectors.data() + first, static_cast<int>(count),
                          static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    offset += static_cast<std::uint64_t>(done);
    auto rest = static_cast<std::size_t>(done);
    while (first < vectors.size() && rest >= vectors[first].iov_len)
      rest -= vectors[first++].iov_len;
    if (rest > 0) {
      vectors[first].iov_base = static_cast<char*>(vectors[first].iov_base) + rest;
      vectors[first].iov_len -= rest;
    }
  }
  return true;
}

bool journal_segment::sync() noexcept {
  return ::fdatasync(descriptor_) == 0;
}

bool journal_segment::truncate(std::uint64_t bytes) noexcept {
  return ::ftruncate(descriptor_, static_cast<off_t>(bytes)) == 0;
}

void journal_segment::remove() noexcept {
  ::unlink(path_.c_str());
}

std::uint64_t
journal_segment::read(std::uint64_t offset, std::uint64_t end,
                      const std::function<bool(log_record, std::uint64_t)>& sink) const {
  read_ahead file{descriptor_, end};
  while (offset + frame_header_bytes <= end) {
    auto bytes = file.view(offset, frame_header_bytes);
    if (!bytes)
      break;
    auto header = read_frame_header(*bytes);
    auto next = offset + frame_header_bytes + header.length;
    if (header.length == 0 || next > end)
      break;
    auto payload = file.view(offset + frame_header_bytes, header.length);
    if (!payload)
      break;
    auto record = decode_payload(header, *payload);
    if (!record)
      break;
    offset = next;
    if (!sink(std::move(*record), frame_header_bytes + header.length))
      break;
  }
  return offset;
}

bool sync_directory(const std::filesystem::path& directory) noexcept {
  auto descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return false;
  auto ok = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return ok;
}

} // namespace lakegate::model_serving
