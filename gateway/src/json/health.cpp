#include "gateway/src/json/health.hpp"

#include <lakegate/core/json_writer.hpp>

#include <utility>

namespace lakegate::gateway::json {

std::string render(const readiness_report& x) {
  json_writer w;
  w.begin_object().member("status", x.status).key("components").begin_object();
  for (const auto& part : x.components) {
    w.key(part.name).begin_object().member("status", part.status).key("detail");
    if (part.detail.empty())
      w.value(nullptr);
    else
      w.value(part.detail);
    w.end_object();
  }
  w.end_object().end_object();
  return std::move(w).str();
}

} // namespace lakegate::gateway::json
