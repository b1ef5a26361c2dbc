#pragma once

#include "integration-tests/support/http.hpp"
#include "integration-tests/support/matchers.hpp"
#include "integration-tests/support/reference_workspace.hpp"

#include <lakegate/testing/temporary_postgres.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace lakegate::integration {

/// How a scenario's system differs from the usual one.
struct world_options {
  bool database = true;     ///< False: no database is configured.
  bool own_cluster = false; ///< A PostgreSQL of its own, to stop or break.
  bool warehouse = true;    ///< False: no SQL warehouse is configured.
  bool workspace = true;    ///< False: no workspace is configured (real actors, no host).
  bool mocks = true; ///< False: the real Databricks actors; `settings` name the host.
  std::string identity_ttl{"30s"};
  std::vector<std::pair<std::string, std::string>> settings{}; ///< More, by variable.
};

/// The whole product in one process: four actor systems connected over loopback, the
/// gateway's real socket on a free port, a database of a real PostgreSQL, and the
/// GoogleMock workspace.
class world {
public:
  explicit world(world_options options = {});
  ~world();

  reference_workspace& workspace() noexcept;
  const Client& client() const noexcept;
  std::uint16_t http_port() const noexcept;
  /// The PostgreSQL of this world alone; throws std::logic_error unless the options ask
  /// for one.
  test::temporary_postgres& own_cluster();
  /// Runs SQL through psql on its database, as a witness; rows as lines, columns by `|`.
  std::string Sql(const std::string& text) const;

  /// Where the journal of the inference log is.
  const std::filesystem::path& journal() const noexcept;

  enum class service { preferences, catalog, model_serving };
  std::uint16_t port_of(service which) const; ///< Where it listens for the gateway.
  void KillBackends();       ///< PostgreSQL ends the connections to the database.
  void Kill(service which);  ///< The actor system ends at once, as if its process died.
  void Start(service which); ///< Again, on the same port.
  /// Ends model serving as SIGTERM does, in at most `grace`.
  void StopModelServing(std::chrono::milliseconds grace);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// The base of all scenarios. Given / When / Then:
///
///     Given(Preference("theme", R"({"mode":"dark"})").Of(user_a));
///     auto response = When(Get("/api/lakebase/preferences").As(user_a));
///     EXPECT_THAT(response, HasStatus(200));
class Scenario : public testing::Test {
protected:
  /// Suites that need another world override this.
  virtual world_options Options() const { return {}; }

  void SetUp() override;
  void TearDown() override;

  /// Sends one request. Thread safe.
  Response When(const Request& request);
  /// Sends these bytes, whatever they are (`Client::SendBytes`).
  Response WhenSent(std::string_view bytes);

  world& World() { return *world_; }
  reference_workspace& Workspace() { return world_->workspace(); }
  std::string Sql(const std::string& text) const { return world_->Sql(text); }

  /// Saves a preference through the API and requires that it was saved.
  void GivenPreference(const std::string& user, const std::string& key,
                       const nlohmann::json& value);
  /// Invokes through the API and requires 200; the answer's body.
  nlohmann::json GivenInference(const std::string& user, const std::string& text);

  /// Sends `request` until `done` holds for the answer, at most `limit`; the last answer.
  Response Eventually(const Request& request,
                      const std::function<bool(const Response&)>& done,
                      std::chrono::milliseconds limit = std::chrono::seconds{10});
  /// Waits until `line` is one of the metrics, and requires that it is.
  void AwaitMetric(const std::string& line);
  /// Sends all at once: each thread is ready, then a barrier lets all of them go.
  std::vector<Response> AtOnce(const std::vector<Request>& requests);

private:
  Response Seen(Response response);

  std::unique_ptr<world> world_;
  std::mutex seen_mutex_;
  std::set<std::string> seen_; ///< Correlation ids, to find the log lines of a failure.
};

/// The paths that tests speak of.
namespace path {
inline const std::string preferences = "/api/lakebase/preferences";
inline const std::string catalogs = "/api/unity-catalog/catalogs";
inline const std::string schemas = "/api/unity-catalog/schemas";
inline const std::string table_names = "/api/unity-catalog/table-names";
inline const std::string tables = "/api/unity-catalog/tables";
inline const std::string query = "/api/unity-catalog/query";
inline const std::string endpoints = "/api/model-serving/endpoints";
inline const std::string invoke = "/api/model-serving/invoke";
inline const std::string logs = "/api/model-serving/logs";
} // namespace path

/// `POST /api/model-serving/invoke` of one text to the classifier.
Request Classify(const std::string& text, int timeout_seconds = 30);

} // namespace lakegate::integration
