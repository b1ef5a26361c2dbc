#pragma once

#include "services/model-serving/src/journal_record.hpp"

#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/postgres/query.hpp>

#include <caf/expected.hpp>

#include <span>
#include <vector>

/// Between the log's rows and SQL's parameters; pure functions.
namespace lakegate::model_serving {

/// The parameters of `sql::insert_inference_logs`.
std::vector<postgres::parameter> insert_parameters(std::span<const log_record> rows);

/// Appends what is wrong with a question to the log.
void check_log_query(const list_inference_logs& x, faults& found);

/// The parameters of `sql::list_inference_logs`; `x` was checked.
std::vector<postgres::parameter> list_parameters(const list_inference_logs& x,
                                                 std::uint64_t page_bytes);

/// The answer of `sql::list_inference_logs`; `data_corrupted` if it is not its form.
caf::expected<inference_log_page> read_log_page(const postgres::rows& rows);

} // namespace lakegate::model_serving
