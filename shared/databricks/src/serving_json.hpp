#pragma once

#include <lakegate/contracts/databricks/serving.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>

/// Model Serving's answers (databricks-sdk-go, service/serving/model.go).
namespace lakegate::databricks {

caf::expected<serving_endpoint_list> read_endpoints(http::response& answer);
caf::expected<serving_endpoint> read_endpoint(http::response& answer);
/// Comes as text/plain.
caf::expected<openapi_document> read_openapi(http::response& answer);
caf::expected<invocation_answer> read_invocation(http::response& answer);

} // namespace lakegate::databricks
