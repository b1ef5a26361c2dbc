#pragma once

#include "services/catalog/src/listing.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>

#include <caf/actor_clock.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace lakegate::catalog {

enum class list_kind : std::uint8_t { catalogs, schemas, table_names, tables };

/// What makes two requests the same: they share one walk only if all of it is equal. The
/// token stays in memory as long as the requests are under way, and no longer.
struct listing_key {
  list_kind kind = list_kind::catalogs;
  std::string catalog;
  std::string schema;
  access_token token;

  friend bool operator==(const listing_key&, const listing_key&) = default;
};

/// One request that waits for a listing.
struct listing_waiter {
  std::uint64_t id = 0;
  std::uint64_t timer = 0; ///< Ends its wait.
  std::uint64_t call_id = 0;
  std::string user_id;
  std::string correlation_id;
  std::string traceparent;
  slice part;
  caf::actor_clock::time_point started;
  caf::actor_clock::time_point deadline;
  std::variant<caf::typed_response_promise<name_page>,
               caf::typed_response_promise<table_page>>
      answer;
  hop_timer wait; ///< Of one that joined the walk of another; that one times its calls.
};

/// One walk through the pages of one list, and who waits for it.
struct listing_flight {
  listing_flight(listing_key of, databricks::call_context context, std::size_t max_pages)
      : key{std::move(of)}, ctx{std::move(context)}, walk{max_pages} {}

  /// Until when somebody waits. There must be a waiter.
  caf::actor_clock::time_point deadline() const;

  listing_key key;
  databricks::call_context ctx; ///< The first waiter's.
  page_walk walk;
  std::vector<std::string> names;
  std::vector<databricks::table_info> tables;
  std::vector<listing_waiter> waiters; ///< None: nobody wants it any more.
};
using flight_ptr = std::shared_ptr<listing_flight>;

} // namespace lakegate::catalog
