#pragma once

#include <ostream>
#include <string>

namespace lakegate {

/// A secret: a user's OBO token, a service principal's OAuth token, a password. Prints
/// `<redacted>` wherever CAF, a log or a test prints it; `reveal` is the only way to its
/// text, so a search for that word finds every place a secret can leave by.
class access_token {
public:
  access_token() = default;
  explicit access_token(std::string value) : value_{std::move(value)} {}

  bool empty() const noexcept { return value_.empty(); }
  const std::string& reveal() const noexcept { return value_; }

  friend bool operator==(const access_token&, const access_token&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, access_token& x) {
    return f(x.value_);
  }

private:
  std::string value_;
};

/// CAF's printing prefers `to_string` over `inspect`, so a message dump shows this.
inline std::string to_string(const access_token& x) {
  return x.empty() ? "" : "<redacted>";
}

/// GoogleTest's printing.
inline void PrintTo(const access_token& x, std::ostream* os) {
  *os << to_string(x);
}

} // namespace lakegate
