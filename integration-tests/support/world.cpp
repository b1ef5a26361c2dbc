#include "deploy/all-in-one/assembly.hpp"
#include "integration-tests/support/scenario.hpp"

#include <lakegate/testing/temporary_folder.hpp>

#include <stdexcept>

namespace lakegate::integration {

using test::postgres_cluster;
using test::temporary_postgres;

struct world::impl {
  reference_workspace workspace; // outlives the actors of its mocks
  std::unique_ptr<temporary_postgres> own_cluster;
  std::string database;
  test::temporary_folder journal; // outlives the actor that writes it
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  std::unique_ptr<assembly> parts;
  std::unique_ptr<Client> client;

  postgres_cluster& cluster() {
    return own_cluster ? *own_cluster : postgres_cluster::shared();
  }

  /// The variables that an operator would set.
  runtime::environment variables(const world_options& options) {
    runtime::environment x{
        {"LAKEGATE_GATEWAY_PORT", "0"},
        {"LAKEGATE_IDENTITY_TTL", options.identity_ttl},
        {"LAKEGATE_JOURNAL_DIR", journal.path().string()},
    };
    if (options.workspace)
      x["DATABRICKS_HOST"] = "https://reference.cloud.databricks.com";
    if (options.warehouse)
      x["DATABRICKS_WAREHOUSE_ID"] = "reference-warehouse";
    if (options.database) {
      x["PGHOST"] = cluster().host();
      x["PGPORT"] = std::to_string(cluster().port());
      x["PGDATABASE"] = database;
      x["PGUSER"] = cluster().user();
      x["PGPASSWORD"] = cluster().password();
      x["PGSSLMODE"] = "disable";
    }
    for (const auto& [name, value] : options.settings)
      x[name] = value;
    return x;
  }

  replacements mocks() {
    replacements x;
    x.gateway.identity = [this](auto& sys) {
      return spawn_mock(sys, workspace.identity);
    };
    x.catalog.unity_catalog = [this](auto& sys) {
      return spawn_mock(sys, workspace.catalog);
    };
    x.catalog.sql = [this](auto& sys) { return spawn_mock(sys, workspace.sql); };
    x.model_serving.serving = [this](auto& sys) {
      return spawn_mock(sys, workspace.serving);
    };
    x.model_serving.registry = [this](auto& sys) {
      return spawn_mock(sys, workspace.registry);
    };
    return x;
  }
};

world::world(world_options options) : impl_{std::make_unique<impl>()} {
  if (options.own_cluster)
    impl_->own_cluster = std::make_unique<temporary_postgres>();
  if (options.database)
    impl_->database = impl_->cluster().create_database();
  auto values = runtime::settings::resolve(all_settings(), {}, impl_->variables(options));
  if (!values)
    throw std::runtime_error{"wrong settings: " + to_string(values.error())};
  auto parts = assembly::start(*values, impl_->registry,
                               options.workspace && options.mocks ? impl_->mocks()
                                                                  : replacements{});
  if (!parts)
    throw std::runtime_error{"can't start: " + to_string(parts.error())};
  impl_->parts = std::move(*parts);
  impl_->client = std::make_unique<Client>(http_port());
}

world::~world() = default;

reference_workspace& world::workspace() noexcept {
  return impl_->workspace;
}

const Client& world::client() const noexcept {
  return *impl_->client;
}

std::uint16_t world::http_port() const noexcept {
  return impl_->parts->http_port();
}

temporary_postgres& world::own_cluster() {
  if (!impl_->own_cluster)
    throw std::logic_error{"this world's PostgreSQL is shared with other tests"};
  return *impl_->own_cluster;
}

std::string world::Sql(const std::string& text) const {
  return impl_->cluster().run(impl_->database, text);
}

const std::filesystem::path& world::journal() const noexcept {
  return impl_->journal.path();
}

std::uint16_t world::port_of(service which) const {
  switch (which) {
  case service::preferences:
    return impl_->parts->preferences_port();
  case service::catalog:
    return impl_->parts->catalog_port();
  default:
    return impl_->parts->model_serving_port();
  }
}

void world::KillBackends() {
  impl_->cluster().kill_backends(impl_->database);
}

void world::Kill(service which) {
  switch (which) {
  case service::preferences:
    return impl_->parts->end_preferences();
  case service::catalog:
    return impl_->parts->end_catalog();
  case service::model_serving:
    return impl_->parts->end_model_serving();
  }
}

void world::StopModelServing(std::chrono::milliseconds grace) {
  impl_->parts->stop_model_serving(grace);
}

void world::Start(service which) {
  switch (which) {
  case service::preferences:
    return impl_->parts->start_preferences();
  case service::catalog:
    return impl_->parts->start_catalog();
  case service::model_serving:
    return impl_->parts->start_model_serving();
  }
}

} // namespace lakegate::integration
