#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/embedded_files.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_docs(const directory&, const exchange_ptr& http) {
  auto answer = json_answer(std::string{embedded::docs_html()});
  answer.content_type = "text/html; charset=utf-8";
  // The page needs nothing but itself and the document beside it.
  answer.set("Content-Security-Policy",
             "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
             "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
  http->answer(std::move(answer));
}

} // namespace lakegate::gateway::endpoints
