#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/errors.hpp>

#include <caf/error.hpp>

#include <string>
#include <string_view>

/// What a failed call of an endpoint means; pure functions.
namespace lakegate::model_serving {

/// The API's error for a failed serving call on `endpoint_name`. The model's own 400 is
/// `invalid_input` with its words in `technical_details.model_message`, without stack
/// trace.
caf::error error_of(const databricks::upstream_failure& x,
                    const std::string& endpoint_name);

/// True if another attempt may be made: no connection, 429, 5xx; never behind a POST that
/// was sent and timed out.
bool may_be_retried(const databricks::upstream_failure& x) noexcept;

/// True if the endpoint's state can explain the failure: a 404 (wrong name, or not ready
/// yet), or words that say so.
bool may_be_not_ready(const databricks::upstream_failure& x);

/// True if the endpoint itself failed: what a circuit breaker counts.
bool is_endpoint_fault(const databricks::upstream_failure& x) noexcept;

caf::error not_ready(const std::string& endpoint_name);

/// For the log's `error_message`: the words of an error, and the model's own if it has
/// some; at most 2 KiB.
std::string log_message_of(const caf::error& x);

} // namespace lakegate::model_serving
