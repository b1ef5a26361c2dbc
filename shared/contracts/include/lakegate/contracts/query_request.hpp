#pragma once

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/core/errors.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The grammar of a table query (contract.md, section 6): what gateway and catalog
/// service must read alike. Pure functions; every broken rule becomes one fault under the
/// name that the client wrote (`limit`, `columns[2]`, `filters.age.gt`), so a 400 can
/// list them all.
namespace lakegate::catalog {

/// Gives the decoded value of a query parameter, or nothing if it was not sent.
/// Parameters that come twice are for whoever decodes the query string to report.
using parameter_source = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads the parameters of `GET /query`: `catalog`, `schema`, `table`, `limit`, `offset`,
/// `columns` (`a,b`), `order_by` (`c,-d`) and `include_total` (`true` or `false`). A name
/// that holds a comma needs `POST`. Checked by `check_query`; `who` is left empty.
query_table parse_query_parameters(const parameter_source& parameter, faults& found);

/// Reads the body of `POST /query`. A member that is absent or null was not given;
/// unknown members are ignored. Checked by `check_query`; `who` is left empty.
///
/// A filter's value means: scalar, equality; null, IS NULL; array, IN (an empty one
/// matches nothing); object, each of its operators. `{"eq": null}` is IS NULL, `{"ne":
/// null}` is not.
/// `"order_by": []` asks for no order at all, though the table had a primary key.
query_table parse_query_body(const json_text& body, faults& found);

/// Checks identifiers, limit, offset, the number and form of the conditions. What is
/// missing is no fault: it may still be filled.
void check_query(const query_table& query, faults& found);

/// The word of the API: `not_in`.
std::string_view to_string(filter_op op) noexcept;

/// The operator of that word, if there is one.
std::optional<filter_op> filter_op_of(std::string_view word) noexcept;

/// As clients write it and read it back: `name`, or `-name` for descending.
std::string to_string(const order_term& term);

/// Reads `name` or `-name`.
order_term order_term_of(std::string_view text);

/// Where a condition was written, for faults: `filters.age.gt`.
std::string field_of(const filter_condition& condition);

} // namespace lakegate::catalog
