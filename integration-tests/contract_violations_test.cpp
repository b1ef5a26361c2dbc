// Does the suite notice when the gateway breaks its contract? Takes real answers, breaks
// each in every way that a careless change would, and counts what the OpenAPI judge
// catches.

#include "integration-tests/support/openapi.hpp"
#include "integration-tests/support/scenario.hpp"

#include <algorithm>

namespace lakegate::integration {

using nlohmann::json;

namespace {

struct violation {
  std::string name;
  Response broken;
};

/// The first object inside a body: the body itself, or the first element of an array.
json* first_object(json& body) {
  if (body.is_object())
    return &body;
  return body.is_array() && !body.empty() && body[0].is_object() ? &body[0] : nullptr;
}

Response with_body(Response x, const json& body) {
  x.body = body.dump();
  return x;
}

Response without_header(Response x, const std::string& name) {
  std::erase_if(x.headers, [&](const auto& h) { return h.first == name; });
  return x;
}

Response with_header(Response x, const std::string& name, const std::string& value) {
  x = without_header(std::move(x), name);
  x.headers.emplace_back(name, value);
  return x;
}

/// Renames, removes and retypes each member, and adds one that nobody documented.
void break_members(const Response& good, std::vector<violation>& all) {
  auto body = json::parse(good.body, nullptr, false);
  auto* object = first_object(body);
  if (!object)
    return;
  auto original = *object;
  for (const auto& [key, value] : original.items()) {
    *object = original;
    object->erase(key);
    all.push_back({"without " + key, with_body(good, body)});
    (*object)[key + "_renamed"] = value;
    all.push_back({key + " renamed", with_body(good, body)});
    *object = original;
    (*object)[key] = value.is_boolean() ? json(7) : json(true);
    all.push_back({key + " of another type", with_body(good, body)});
  }
  *object = original;
  (*object)["undocumented"] = 1;
  all.push_back({"an undocumented member", with_body(good, body)});
}

void break_envelope(const Response& good, std::vector<violation>& all) {
  auto status = good;
  status.status = 418;
  all.push_back({"an undocumented status", status});
  status.status = good.status == 200 ? 201 : 200;
  all.push_back({"another status", status});
  all.push_back({"no correlation id", without_header(good, "X-Correlation-ID")});
  all.push_back(
      {"a malformed correlation id", with_header(good, "X-Correlation-ID", "a b")});
  all.push_back({"another media type", with_header(good, "Content-Type", "text/plain")});
  all.push_back({"no media type", without_header(good, "Content-Type")});
  for (const auto* name : {"ETag", "X-Total-Count", "Link", "Allow"})
    if (good.has_header(name))
      all.push_back({std::string{"no "} + name, without_header(good, name)});
  auto cut = good;
  cut.body.pop_back();
  all.push_back({"a body cut short", cut});
  auto list = good;
  list.body = "[" + good.body + "]";
  all.push_back({"a body wrapped in an array", list});
}

void break_problem(const Response& good, std::vector<violation>& all) {
  auto body = json::parse(good.body);
  auto& detail = body["detail"];
  auto original = detail;
  for (const auto& [key, value] : original.items()) {
    detail = original;
    detail.erase(key);
    all.push_back({"a problem without " + key, with_body(good, body)});
  }
  detail = original;
  detail["error_code"] = "NO_SUCH_CODE";
  all.push_back({"an undocumented error code", with_body(good, body)});
  detail["error_code"] =
      original["error_code"] == "NOT_FOUND" ? "OVERLOADED" : "NOT_FOUND";
  all.push_back({"an error code of another status", with_body(good, body)});
  detail = original;
  detail["retry_after"] = 77;
  all.push_back({"retry_after without the header", with_body(good, body)});
  detail = original;
  detail["correlation_id"] = "another";
  all.push_back({"another correlation id in the body", with_body(good, body)});
  json bare = original;
  all.push_back({"a problem outside its envelope", with_body(good, bare)});
}

} // namespace

class ContractViolations : public Scenario {};

TEST_F(ContractViolations, AreCaughtByTheSuite) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});
  GivenInference(user_a, "x");
  const std::vector<Request> answered{
      Get("/health"),
      Get("/health/ready"),
      Get("/api/user/me").As(user_a),
      Get("/api/user/me/workspace").As(user_a),
      Get("/api/user/auth/status"),
      Get(path::preferences).As(user_a),
      Get(path::preferences + "/theme").As(user_a),
      Get(path::catalogs).As(user_a),
      Get(path::tables + "?catalog=main&schema=default").As(user_a),
      Get(path::query + "?catalog=main&schema=default&table=customers").As(user_a),
      Get(path::endpoints).As(user_a),
      Get(path::endpoints + "/custom-classifier").As(user_a),
      Get(path::endpoints + "/custom-classifier/schema").As(user_a),
      Classify("y").As(user_a),
      Get(path::logs).As(user_a),
  };
  const std::vector<Request> refused{
      Get("/api/user/me"),
      Get(path::preferences + "/nope").As(user_a),
      Get(path::preferences + "?limit=0").As(user_a),
      Get(path::schemas + "?catalog=samples").As(user_a),
      Delete(path::catalogs).As(user_a),
      Get("/api/nope").As(user_a),
  };
  std::size_t seeded = 0;
  std::vector<std::string> missed;

  auto judge = [&](const Request& request, const std::vector<violation>& all) {
    for (const auto& x : all) {
      ++seeded;
      if (openapi_document::shared().violations(request, x.broken).empty())
        missed.push_back(request.method() + " " + request.target() + ": " + x.name);
    }
  };
  for (const auto& request : answered) {
    std::vector<violation> all;
    auto good = When(request);
    break_members(good, all);
    break_envelope(good, all);
    judge(request, all);
  }
  for (const auto& request : refused) {
    std::vector<violation> all;
    auto good = When(request);
    break_envelope(good, all);
    break_problem(good, all);
    judge(request, all);
  }

  EXPECT_GE(seeded, 40u);
  EXPECT_LE(missed.size() * 100, seeded * 5)
      << missed.size() << " of " << seeded
      << " were missed: " << testing::PrintToString(missed);
  RecordProperty("seeded", static_cast<int>(seeded));
  RecordProperty("missed", static_cast<int>(missed.size()));
  std::cout << seeded - missed.size() << " of " << seeded << " violations caught\n";
}

} // namespace lakegate::integration
