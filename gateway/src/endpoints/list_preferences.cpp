#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/parameters.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::gateway::endpoints {

namespace {

http_response render_page(const exchange& http, const page& asked,
                          const caf::optional<std::string>& key,
                          const preferences::preference_page& got) {
  auto answer = list_answer(json::render(got.items), got.total);
  auto further = key ? "&preference_key=" + percent_encode(*key) : std::string{};
  answer.set("Link", links_of(http.context().collection, further, asked, got.total));
  if (got.skipped > 0)
    answer.set("X-Skipped-Rows", std::to_string(got.skipped));
  return answer;
}

} // namespace

void list_preferences(const directory& services, const exchange_ptr& http) {
  faults bad_key, found;
  preferences::list_preferences cmd;
  if (auto key = http->context().target.query.text("preference_key", found)) {
    rules::check_preference_key("preference_key", *key, bad_key);
    cmd.key = std::move(*key);
  }
  auto asked = read_page(*http, rules::max_limit, found);
  auto code = bad_key.empty() ? errc::invalid_request : errc::invalid_preference;
  found.insert(found.end(), bad_key.begin(), bad_key.end());
  if (!found.empty())
    return http->fail(code, found);
  cmd.who = http->caller_without_token();
  cmd.limit = asked.limit;
  cmd.offset = asked.offset;
  ask(services.preferences, http, cmd,
      [http, asked, key = cmd.key](preferences::preference_page& got) {
        return render_page(*http, asked, key, got);
      });
}

} // namespace lakegate::gateway::endpoints
