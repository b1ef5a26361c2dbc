#pragma once

#include <lakegate/contracts/query_request.hpp>
#include <lakegate/core/json_text.hpp>

#include <set>
#include <string>

namespace lakegate::catalog {

/// The preference that fills what a query leaves out.
inline constexpr std::string_view query_defaults_key = "query_defaults";

/// True if the preference could fill something.
bool has_gaps(const query_table& query);

/// Fills the missing `catalog`, `schema`, `table`, `limit`, `columns` and `order_by` from
/// the preference's value, an object with those members; what the request has always
/// wins. Columns and order belong to the table that the defaults name, if they name one:
/// for another table they are not used. Returns the members that were filled. A member
/// that is used and is wrong becomes a fault under `query_defaults.`.
std::set<std::string> fill_gaps(query_table& query, const json_text& defaults,
                                faults& found);

/// A fault for each of catalog, schema and table that is still missing.
/// `defaults_were_read`: false if the preferences could not be asked.
void check_complete(const query_table& query, bool defaults_were_read, faults& found);

/// Names the faults of members that came from the preference as such:
/// `query_defaults.columns[0]`.
void blame_defaults(const std::set<std::string>& filled, faults& found);

} // namespace lakegate::catalog
