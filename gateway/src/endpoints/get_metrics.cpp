#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/parameters.hpp"

#include <prometheus/text_serializer.h>

namespace lakegate::gateway::endpoints {

void get_metrics(const directory& services, const exchange_ptr& http) {
  auto families = services.registry->Collect();
  auto answer = json_answer(prometheus::TextSerializer{}.Serialize(families));
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  http->answer(std::move(answer));
}

} // namespace lakegate::gateway::endpoints
