#pragma once

#include "services/sandbox/src/sessions.hpp"

#include <lakegate/runtime/settings.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lakegate::sandbox {

/// All that can be set, checked.
struct config {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8181; ///< 0: any free one.
  postgres_address database;
  std::chrono::milliseconds database_wait{
      60'000}; ///< How long a start waits for PostgreSQL.
  access_token client_secret{
      "sandbox-secret"};                     ///< Of the service principal sandbox-client.
  std::chrono::seconds token_lifetime{3600}; ///< Of OAuth tokens.
  std::string warehouse_id = "sandbox";
  std::size_t page_size = 3;    ///< Most entries of a page of Unity Catalog.
  std::size_t chunk_rows = 500; ///< Rows of a chunk of a statement's result.
  std::chrono::milliseconds cold_start{5000};   ///< Of sleepy-model's first call.
  std::chrono::milliseconds token_interval{20}; ///< Between the events of a chat stream.
  std::size_t threads =
      8; ///< That answer requests, and again as many that run statements.
};

std::vector<runtime::setting> all_settings();
config read_config(const runtime::settings& values);

} // namespace lakegate::sandbox
