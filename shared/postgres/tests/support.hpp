#pragma once

#include <lakegate/postgres/connection.hpp>
#include <lakegate/postgres/credentials.hpp>
#include <lakegate/testing/postgres_cluster.hpp>

#include <stdexcept>
#include <string>

namespace lakegate::test {

inline postgres::connection_config config_of(const postgres_cluster& server,
                                             const std::string& database) {
  postgres::connection_config result;
  result.host = server.host();
  result.port = server.port();
  result.database = database;
  result.user = server.user();
  result.schema = "public";
  return result;
}

inline access_token password_of(const postgres_cluster& server) {
  return access_token{server.password()};
}

/// An open connection; throws where there is none to be had.
inline postgres::connection connect(const postgres::connection_config& config,
                                    const access_token& password) {
  auto result = postgres::connection::open(config, password);
  if (auto* failed = std::get_if<postgres::sql_failure>(&result))
    throw std::runtime_error{"no connection: " + failed->message};
  return std::move(std::get<postgres::connection>(result));
}

/// One value as text, `NULL`, or the SQLSTATE in angle brackets.
inline std::string one_value(const postgres::answer& x) {
  if (const auto* failed = std::get_if<postgres::sql_failure>(&x))
    return "<" + failed->sqlstate + ">";
  const auto& rows = std::get<postgres::result_ptr>(x);
  if (rows->size() != 1 || rows->column_count() != 1)
    throw std::runtime_error{"not one value"};
  auto value = rows->at(0, 0);
  return value ? std::string{*value} : "NULL";
}

} // namespace lakegate::test
