#include "gateway/src/readiness.hpp"

#include <algorithm>
#include <utility>

namespace lakegate::gateway {

namespace {

constexpr auto report_lifetime = std::chrono::milliseconds{1000};
/// Of a report that names something as down: who waits for it shall hear of it soon.
constexpr auto bad_report_lifetime = std::chrono::milliseconds{100};
constexpr auto answer_budget = std::chrono::milliseconds{1000};
constexpr auto up = "up";
constexpr auto down = "down";

/// The component of that name; one nobody told about is down.
component_status part_of(const service_status* all, std::string_view name) {
  if (all != nullptr)
    for (const auto& x : all->components)
      if (x.name == name)
        return x;
  return {std::string{name}, down, "No service could tell."};
}

bool tells(const service_status* all, std::string_view name) {
  return all != nullptr
         && std::any_of(all->components.begin(), all->components.end(),
                        [name](const auto& x) { return x.name == name; });
}

/// What two services say of the same thing: the worse news, of those who could tell.
component_status worse_of(const service_status* a, const service_status* b,
                          std::string_view name) {
  if (!tells(a, name))
    return part_of(b, name);
  auto first = part_of(a, name);
  return first.status != up || !tells(b, name) ? first : part_of(b, name);
}

component_status service(std::string name, const service_status* answered) {
  if (answered == nullptr)
    return {std::move(name), down, "It is down or can't be reached."};
  return {std::move(name), up, {}};
}

bool has_up(const service_status* all, std::string_view name) {
  return all != nullptr && part_of(all, name).status == up;
}

std::chrono::milliseconds lifetime_of(const readiness_report& x) {
  return x.status == "ready" ? report_lifetime : bad_report_lifetime;
}

} // namespace

readiness_report make_report(const service_status* preferences,
                             const service_status* catalog,
                             const service_status* model_serving) {
  readiness_report result;
  result.components = {service("preferences", preferences), service("catalog", catalog),
                       service("model_serving", model_serving),
                       worse_of(preferences, model_serving, "database"),
                       worse_of(catalog, model_serving, "workspace")};
  auto is_down = [](const auto& x) { return x.status == down; };
  auto any_serves = has_up(preferences, "database") || has_up(catalog, "workspace")
                    || has_up(model_serving, "workspace");
  if (!any_serves)
    result.status = "unready";
  else if (std::any_of(result.components.begin(), result.components.end(), is_down))
    result.status = "degraded";
  else
    result.status = "ready";
  return result;
}

readiness::readiness(service_port<preferences::service_actor>& preferences,
                     service_port<catalog::service_actor>& catalog,
                     service_port<model_serving::service_actor>& model_serving)
    : preferences_{preferences}, catalog_{catalog}, model_serving_{model_serving} {}

void readiness::check(done then) {
  auto now = std::chrono::steady_clock::now();
  if (open_ == 0 && !last_.status.empty() && now - made_ < lifetime_of(last_))
    return then(last_);
  waiting_.push_back(std::move(then));
  if (open_ > 0)
    return;
  open_ = 3;
  ask_service(preferences_, &readiness::from_preferences_);
  ask_service(catalog_, &readiness::from_catalog_);
  ask_service(model_serving_, &readiness::from_model_serving_);
}

template <class Contract>
void readiness::ask_service(service_port<Contract>& service, answer readiness::*slot) {
  (this->*slot).reset();
  if (!service.is_up())
    return one_answered();
  service.submit(get_status{}, answer_budget,
                 [self = shared_from_this(), slot](caf::expected<service_status> got) {
                   if (got)
                     (*self).*slot = std::make_shared<service_status>(std::move(*got));
                   self->one_answered();
                 });
}

void readiness::one_answered() {
  if (--open_ > 0)
    return;
  last_ = make_report(from_preferences_.get(), from_catalog_.get(),
                      from_model_serving_.get());
  made_ = std::chrono::steady_clock::now();
  auto waiting = std::exchange(waiting_, {});
  for (auto& then : waiting)
    then(last_);
}

void readiness::observe() noexcept {
  can_serve_ = preferences_.is_up() || catalog_.is_up() || model_serving_.is_up();
}

} // namespace lakegate::gateway
