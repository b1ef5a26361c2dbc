#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/embedded_files.hpp"
#include "gateway/src/parameters.hpp"
#include "gateway/src/web_site.hpp"

namespace lakegate::gateway::endpoints {

void get_docs(const directory&, const exchange_ptr& http) {
  auto answer = json_answer(std::string{embedded::docs_html()});
  answer.content_type = "text/html; charset=utf-8";
  answer.set("Content-Security-Policy", std::string{page_policy});
  answer.set("Referrer-Policy", "no-referrer");
  http->answer(std::move(answer));
}

} // namespace lakegate::gateway::endpoints
