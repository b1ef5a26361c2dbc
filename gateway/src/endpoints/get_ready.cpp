#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/json/health.hpp"
#include "gateway/src/parameters.hpp"
#include "gateway/src/readiness.hpp"

namespace lakegate::gateway::endpoints {

void get_ready(const directory& services, const exchange_ptr& http) {
  services.ready.check([http](const readiness_report& report) {
    guarded(http, [&] {
      auto answer = json_answer(json::render(report));
      answer.status = report.status == "unready" ? 503 : 200;
      answer.set("Cache-Control", "no-store");
      http->answer(std::move(answer));
    });
  });
}

} // namespace lakegate::gateway::endpoints
