#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/preferences.hpp>
#include <lakegate/testing/deterministic_system.hpp>

#include <caf/typed_event_based_actor.hpp>
#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

namespace lakegate::catalog {

template <class T>
using Promise = caf::result<T>;

/// Answers that a test keeps back and gives when it likes, in any order: an actor to
/// which a mock delegates.
template <class Command, class Result>
class Held {
public:
  explicit Held(test::deterministic_system& world)
      : actor_{world.spawn([this](caf::event_based_actor* self) -> caf::behavior {
          return {
              [this, self](const Command& x) {
                commands.push_back(x);
                promises_.push_back(self->template make_response_promise<Result>());
                return promises_.back();
              },
              [this](std::uint64_t index, Result& x) {
                promises_.at(index).deliver(std::move(x));
              },
              [this](std::uint64_t index, databricks::upstream_failure& x) {
                promises_.at(index).deliver(databricks::make_error(std::move(x)));
              },
          };
        })} {}

  /// What the mock's method returns; `self` is the mock's actor.
  template <class Self>
  caf::result<Result> Keep(Self* self, const Command& x) {
    self->delegate(actor_, x);
    return caf::delegated<Result>{};
  }

  template <class Message>
  void Answer(std::uint64_t index, Message x) {
    caf::anon_send(actor_, index, std::move(x));
  }

  std::size_t size() const { return commands.size(); }

  std::vector<Command> commands;

private:
  std::vector<caf::typed_response_promise<Result>> promises_;
  caf::actor actor_;
};

/// Unity Catalog as a mock: each call is answered by what its method returns.
struct MockCatalog {
  MOCK_METHOD(Promise<databricks::name_page>, ListCatalogs,
              (const databricks::list_catalogs&));
  MOCK_METHOD(Promise<databricks::name_page>, ListSchemas,
              (const databricks::list_schemas&));
  MOCK_METHOD(Promise<databricks::table_page>, ListTables,
              (const databricks::list_tables&));
  MOCK_METHOD(Promise<databricks::table_info>, GetTable, (const databricks::get_table&));

  databricks::catalog_actor Spawn(test::deterministic_system& world) {
    return world.spawn([this](databricks::catalog_actor::pointer me)
                           -> databricks::catalog_actor::behavior_type {
      self = me;
      return {
          [this](const databricks::list_catalogs& x) { return ListCatalogs(x); },
          [this](const databricks::list_schemas& x) { return ListSchemas(x); },
          [this](const databricks::list_tables& x) { return ListTables(x); },
          [this](const databricks::get_table& x) { return GetTable(x); },
      };
    });
  }

  databricks::catalog_actor::pointer self = nullptr;
};

inline databricks::upstream_failure Failure(databricks::failure_kind kind, int status) {
  databricks::upstream_failure result;
  result.kind = kind;
  result.http_status = status;
  return result;
}

inline databricks::upstream_failure Denial(std::string privilege, std::string type,
                                           std::string name) {
  auto result = Failure(databricks::failure_kind::permission_denied, 403);
  result.privilege = std::move(privilege);
  result.resource_type = std::move(type);
  result.resource_name = std::move(name);
  return result;
}

inline caller Ada() {
  return {"ada@example.com", access_token{"token-of-ada"}, "correlation",
          "trace",           std::chrono::seconds{30},     7};
}

inline caller Bob() {
  return {"bob@example.com", access_token{"token-of-bob"}, "correlation",
          "trace",           std::chrono::seconds{30},     8};
}

} // namespace lakegate::catalog
