#include "services/sandbox/src/sessions.hpp"

#include <openssl/evp.h>

#include <array>
#include <optional>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t idle_limit = 2;
constexpr auto superuser_limit = 60s;
constexpr auto statement_timeout = 15min;

} // namespace

session_lease::session_lease(sessions& pool, std::pair<std::string, std::string> key,
                             postgres::connection session)
    : pool_{&pool}, key_{std::move(key)}, session_{std::move(session)} {}

session_lease::~session_lease() {
  if (session_.is_open() && !spoilt_)
    pool_->give_back(key_, std::move(session_));
}

sessions::sessions(postgres_address where) : where_{std::move(where)} {}

sessions::opened sessions::open(const key& k, const access_token& password) {
  {
    const std::lock_guard guard{lock_};
    auto& idle = idle_[k];
    while (!idle.empty()) {
      auto session = std::move(idle.back());
      idle.pop_back();
      if (session.is_open())
        return session_lease{*this, k, std::move(session)};
    }
  }
  postgres::connection_config config;
  config.host = where_.host;
  config.port = where_.port;
  config.database = k.first;
  config.user = k.second;
  config.schema = std::string{helper_schema};
  config.application_name = "lakegate-sandbox";
  config.statement_timeout = statement_timeout;
  auto result = postgres::connection::open(config, password);
  if (auto* failure = std::get_if<postgres::sql_failure>(&result))
    return std::move(*failure);
  return session_lease{*this, k, std::move(std::get<postgres::connection>(result))};
}

void sessions::give_back(const key& k, postgres::connection session) {
  const std::lock_guard guard{lock_};
  auto& idle = idle_[k];
  if (idle.size() < idle_limit)
    idle.push_back(std::move(session));
}

sessions::opened sessions::as_superuser(const std::string& database) {
  return open({database, where_.user}, where_.password);
}

sessions::opened sessions::as_user(const std::string& database, const std::string& user) {
  return open({database, user}, password_of(user));
}

postgres::answer sessions::run(const std::string& database, const std::string& sql,
                               const std::vector<postgres::parameter>& parameters) {
  // A session that was idle may have been cut meanwhile: then a fresh one tries once
  // more.
  for (int attempt = 0;; ++attempt) {
    auto session = as_superuser(database);
    if (auto* failure = std::get_if<postgres::sql_failure>(&session))
      return std::move(*failure);
    auto& lease = std::get<session_lease>(session);
    auto result = lease->run(sql, parameters, superuser_limit);
    if (lease->is_open() || attempt == 2)
      return result;
  }
}

access_token sessions::password_of(std::string_view user) const {
  const auto text =
      "lakegate-sandbox:" + std::string{user} + ":" + where_.password.reveal();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return access_token{std::move(hex)};
}

} // namespace lakegate::sandbox
