#include "shared/databricks/src/identity_json.hpp"

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/json_fields.hpp"

#include <simdjson.h>

namespace lakegate::databricks {

namespace {

/// Valid by RFC 8259, though not by our rules: a key comes twice, say.
bool is_lax_json_object(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(text).get(object) == simdjson::SUCCESS;
}

std::vector<std::string> read_emails(json_fields& fields) {
  std::vector<std::string> result;
  fields.each("emails", [&](json_view element) {
    json_fields email{element};
    auto is_primary = email.flag("primary", false);
    if (auto value = email.text("value"); !value.empty())
      result.insert(is_primary ? result.begin() : result.end(), std::move(value));
    return email.is_valid();
  });
  return result;
}

} // namespace

caf::expected<workspace_user> read_user(http::response& answer) {
  workspace_user result;
  result.workspace_id = answer.find_header("x-databricks-org-id").value_or("");
  auto body = answer.body;
  auto json = read_object(answer);
  if (!json) {
    if (classify(answer).kind == failure_kind::none && is_lax_json_object(body))
      return result;
    return json.error();
  }
  json_fields fields{json_view{*json}};
  result.id = fields.text("id");
  result.user_name = fields.text("userName");
  result.display_name = fields.text("displayName");
  result.active = fields.flag("active", false);
  result.emails = read_emails(fields);
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not a SCIM user.");
  return result;
}

} // namespace lakegate::databricks
