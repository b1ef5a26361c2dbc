#include "deploy/all-in-one/assembly.hpp"

#include <exception>
#include <utility>

namespace lakegate {

namespace {

std::vector<runtime::peer_address> at(std::uint16_t port) {
  return {{"127.0.0.1", port}};
}

} // namespace

std::vector<runtime::setting> all_settings() {
  return runtime::joined({gateway::all_settings(), preferences::all_settings(),
                          catalog::all_settings(), model_serving::all_settings()});
}

caf::expected<std::unique_ptr<assembly>>
assembly::start(const runtime::settings& values,
                std::shared_ptr<prometheus::Registry> registry, replacements replaced) {
  auto preferences = preferences::read_config(values);
  if (!preferences)
    return std::move(preferences.error());
  auto catalog = catalog::read_config(values);
  if (!catalog)
    return std::move(catalog.error());
  auto model_serving = model_serving::read_config(values);
  if (!model_serving)
    return std::move(model_serving.error());
  auto gateway = gateway::read_config(values);
  if (!gateway)
    return std::move(gateway.error());
  for (auto* node : {&preferences->node, &catalog->node, &model_serving->node}) {
    node->listen_host = "127.0.0.1";
    node->listen_port = 0;
  }
  try {
    std::unique_ptr<assembly> x{new assembly};
    x->registry_ = std::move(registry);
    x->replaced_ = std::move(replaced);
    x->preferences_config_ = std::move(*preferences);
    x->catalog_config_ = std::move(*catalog);
    x->model_serving_config_ = std::move(*model_serving);
    x->start_preferences();
    x->start_catalog();
    x->start_model_serving();
    gateway->preferences = at(x->preferences_->port());
    gateway->catalog = at(x->catalog_->port());
    gateway->model_serving = at(x->model_serving_->port());
    x->gateway_ = std::make_unique<gateway::server>(std::move(*gateway), x->registry_,
                                                    x->replaced_.gateway);
    return x;
  } catch (const std::exception& e) {
    return runtime::setting_error(e.what());
  }
}

void assembly::start_preferences() {
  preferences_ = std::make_unique<preferences::service>(preferences_config_, registry_);
  preferences_config_.node.listen_port = preferences_->port();
  catalog_config_.preferences = at(preferences_->port());
}

void assembly::start_catalog() {
  catalog_ =
      std::make_unique<catalog::service>(catalog_config_, registry_, replaced_.catalog);
  catalog_config_.node.listen_port = catalog_->port();
}

void assembly::start_model_serving() {
  model_serving_ = std::make_unique<model_serving::service>(
      model_serving_config_, registry_, replaced_.model_serving);
  model_serving_config_.node.listen_port = model_serving_->port();
}

void assembly::stop_model_serving(std::chrono::milliseconds grace) {
  model_serving_->stop(grace);
  model_serving_.reset();
}

std::uint16_t assembly::http_port() const noexcept {
  return gateway_->http_port();
}

std::uint16_t assembly::preferences_port() const noexcept {
  return preferences_config_.node.listen_port;
}

std::uint16_t assembly::catalog_port() const noexcept {
  return catalog_config_.node.listen_port;
}

std::uint16_t assembly::model_serving_port() const noexcept {
  return model_serving_config_.node.listen_port;
}

runtime::running_parts assembly::parts_of(std::unique_ptr<assembly> x) {
  runtime::running_parts parts;
  parts.push_back(std::move(x->preferences_));
  parts.push_back(std::move(x->catalog_));
  parts.push_back(std::move(x->model_serving_));
  parts.push_back(std::move(x->gateway_));
  return parts;
}

} // namespace lakegate
