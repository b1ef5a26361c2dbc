#pragma once

#include <lakegate/contracts/databricks/common.hpp>
#include <lakegate/core/json_text.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>

#include <string>

namespace lakegate::databricks {

/// What an answer, or its absence, means; `kind` is `none` for a success. The one place
/// that knows the platform's ways to say no: codes first where they are the platform's
/// own, the HTTP status otherwise.
upstream_failure classify(const http::response& answer);

/// The failure of a success that can't be read. `what` is ours; nothing of the body
/// shows.
caf::error invalid_answer(const http::response& answer, std::string what);

/// The JSON of a success, whichever value it is; takes the body over.
caf::expected<json_text> read_json(http::response& answer);
/// The same, but only an object will do.
caf::expected<json_text> read_object(http::response& answer);

} // namespace lakegate::databricks
