#pragma once

#include <lakegate/core/errors.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lakegate::gateway {

/// Decodes percent-escapes once. Nothing if an escape is broken, or if the result is not
/// UTF-8 (overlong forms included) or holds a NUL. In a query `+` is a blank, as forms
/// and browsers write it.
std::optional<std::string> percent_decode(std::string_view raw, bool is_query = false);

/// `text` with every byte escaped but the unreserved ones (RFC 3986, 2.3).
std::string percent_encode(std::string_view text);

/// The decoded parameters of a query string. The readers append a fault for a parameter
/// that came twice or is not what it should be; unknown ones are never looked at.
class query_parameters {
public:
  query_parameters() = default;
  explicit query_parameters(std::vector<std::pair<std::string, std::string>> all)
      : all_{std::move(all)} {}

  std::optional<std::string> text(std::string_view name, faults& found) const;
  /// Decimal digits only (`rules::parse_number`).
  std::optional<std::int64_t> number(std::string_view name, faults& found) const;

private:
  std::vector<std::pair<std::string, std::string>> all_;
};

/// A request target (RFC 9112, 3.2) taken apart. The segments of the path are still
/// encoded, so a `%2F` inside one never splits it; they view into the target.
struct request_target {
  std::vector<std::string_view> segments;
  query_parameters query;
};

/// Reads origin-form, and absolute-form for its path. Nothing, and a fault, if it is
/// malformed in any way, a fragment or a broken escape anywhere included.
std::optional<request_target> parse_request_target(std::string_view target,
                                                   faults& found);

} // namespace lakegate::gateway
