#include "shared/databricks/src/token_requests.hpp"

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/json_fields.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/json_writer.hpp>
#include <lakegate/http/url.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

namespace lakegate::databricks {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds request_limit = 15s;
/// Of an answer that doesn't say how long its token lives.
constexpr std::chrono::milliseconds assumed_lifetime = 5min;
constexpr std::size_t max_token_bytes = 256 * 1024;

std::string encode_base64(const std::string& text) {
  std::string result((text.size() + 2) / 3 * 4 + 1, '\0');
  auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                              reinterpret_cast<const unsigned char*>(text.data()),
                              static_cast<int>(text.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

std::chrono::milliseconds read_lifetime(json_fields& fields) {
  auto text = fields.text_or_number("expires_in");
  std::int64_t seconds = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  fields.require(text.empty()
                 || (problem == std::errc{} && end == text.data() + text.size()
                     && seconds > 0 && seconds < std::int64_t{1} << 31));
  return text.empty() ? assumed_lifetime : std::chrono::seconds{seconds};
}

} // namespace

http::request make_token_request(const workspace& where, const service_principal& who) {
  http::request result;
  result.verb = http::method::post;
  result.base_url = where.host();
  result.target = "/oidc/v1/token";
  result.body = "grant_type=client_credentials&scope=all-apis";
  result.time_left = request_limit;
  result.max_response_bytes = max_token_bytes;
  result.authorization =
      access_token{"Basic "
                   + encode_base64(http::encode_segment(who.client_id) + ':'
                                   + http::encode_segment(who.client_secret.reveal()))};
  result.headers = {{"User-Agent", user_agent()},
                    {"Accept", "application/json"},
                    {"Content-Type", "application/x-www-form-urlencoded"}};
  return result;
}

caf::expected<issued_token> read_token(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  json_fields fields{json_view{*json}};
  issued_token result;
  result.token = access_token{fields.required_text("access_token")};
  result.lifetime = read_lifetime(fields);
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not an OAuth token.");
  return result;
}

http::request make_credential_request(const workspace& where,
                                      const service_principal& who,
                                      const access_token& token) {
  json_writer w;
  w.begin_object();
  if (who.lakebase_instance.empty())
    w.member("endpoint", who.lakebase_endpoint);
  else
    w.key("instance_names")
        .begin_array()
        .value(who.lakebase_instance)
        .end_array()
        .member("request_id", make_uuid());
  w.end_object();
  rest_request what;
  what.verb = http::method::post;
  what.target = who.lakebase_instance.empty() ? "/api/2.0/postgres/credentials"
                                              : "/api/2.0/database/credentials";
  what.body = std::move(w).str();
  what.max_response_bytes = max_token_bytes;
  call_context ctx;
  ctx.token = token;
  ctx.time_left = request_limit;
  return where.make_request(ctx, std::move(what));
}

caf::expected<issued_token> read_credential(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  json_fields fields{json_view{*json}};
  issued_token result;
  result.token = access_token{fields.required_text("token")};
  result.lifetime = assumed_lifetime;
  auto text = fields.text("expiration_time");
  if (text.empty())
    text = fields.text("expire_time");
  if (!text.empty()) {
    auto expiry = parse_rfc3339(text);
    fields.require(expiry.has_value());
    auto left = expiry.value_or(std::chrono::system_clock::time_point{})
                - std::chrono::system_clock::now();
    result.lifetime =
        std::max(std::chrono::milliseconds{0},
                 std::chrono::duration_cast<std::chrono::milliseconds>(left));
  }
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not a database credential.");
  return result;
}

} // namespace lakegate::databricks
