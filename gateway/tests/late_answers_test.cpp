#include "gateway/tests/support/api.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lakegate::gateway {
namespace {

using test::api;
using test::code_of;
using test::get;
using test::request_of;

struct asked {
  http_request request;
  std::string code;
};

http_request of_preference(http_method method, const std::string& key, std::string body) {
  return request_of(method, "/api/preferences" + key, std::move(body));
}

std::vector<asked> one_of_each_operation() {
  const std::string of_catalog = "/api/unity-catalog/";
  const std::string of_models = "/api/model-serving/";
  const std::string value = R"("preference_value":{})";
  return {
      {get("/api/preferences"), "DATABASE_UNAVAILABLE"},
      {of_preference(http_method::post, "", R"({"preference_key":"k",)" + value + '}'),
       "DATABASE_UNAVAILABLE"},
      {get("/api/preferences/k"), "DATABASE_UNAVAILABLE"},
      {of_preference(http_method::put, "/k", '{' + value + '}'), "DATABASE_UNAVAILABLE"},
      {of_preference(http_method::del, "/k", ""), "DATABASE_UNAVAILABLE"},
      {get("/api/lakebase/preferences"), "DATABASE_UNAVAILABLE"},
      {get(of_catalog + "catalogs"), "CATALOG_UNAVAILABLE"},
      {get(of_catalog + "schemas?catalog=c"), "CATALOG_UNAVAILABLE"},
      {get(of_catalog + "table-names?catalog=c&schema=s"), "CATALOG_UNAVAILABLE"},
      {get(of_catalog + "tables?catalog=c&schema=s"), "CATALOG_UNAVAILABLE"},
      {get(of_catalog + "query?catalog=c&schema=s&table=t"), "QUERY_TIMEOUT"},
      {request_of(http_method::post, of_catalog + "query",
                  R"({"catalog":"c","schema":"s","table":"t"})"),
       "QUERY_TIMEOUT"},
      {get(of_models + "endpoints"), "MODEL_UNAVAILABLE"},
      {get(of_models + "endpoints/e"), "MODEL_UNAVAILABLE"},
      {get(of_models + "endpoints/e/schema"), "MODEL_UNAVAILABLE"},
      {request_of(http_method::post, of_models + "invoke",
                  R"({"endpoint_name":"e","inputs":{"a":1}})"),
       "MODEL_TIMEOUT"},
      {get(of_models + "logs"), "DATABASE_UNAVAILABLE"},
  };
}

TEST(AServiceThatIsLate, IsAnsweredForWithTheCodeOfTheRoute) {
  // Given services whose word comes after the time of the request
  api the_api;
  the_api.preferences.is_late = true;
  the_api.catalog.is_late = true;
  the_api.model_serving.is_late = true;

  for (auto& [request, code] : one_of_each_operation()) {
    auto target = request.target;
    auto answer = the_api.send(std::move(request));

    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_EQ(code_of(answer), code) << target;
  }
}

TEST(AServiceThatCannotBeReached, KeepsItsOwnCode) {
  // Given no service at all
  api the_api;
  the_api.preferences.is_reachable = false;
  the_api.catalog.is_reachable = false;
  the_api.model_serving.is_reachable = false;

  for (auto& [request, code] : one_of_each_operation()) {
    auto target = request.target;

    EXPECT_EQ(code_of(the_api.send(std::move(request))), "SERVICE_UNAVAILABLE") << target;
  }
}

} // namespace
} // namespace lakegate::gateway
