#include <lakegate/core/errors.hpp>

#include <lakegate/core/access_token.hpp>

#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace lakegate {

TEST(ReadingTheErrorTable, EveryRowIsFitForClients) {
  std::set<std::string_view> names;
  for (const auto& row : error_table) {
    if (row.code == errc::none)
      continue;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(row.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
              std::string_view::npos)
        << row.name;
    EXPECT_GE(row.status, 400) << row.name;
    EXPECT_LT(row.status, 600) << row.name;
    EXPECT_TRUE(row.message.ends_with('.')) << row.name;
    EXPECT_TRUE(row.retry_after == 0 || row.status == 429 || row.status == 503)
        << row.name;
  }
}

TEST(ReadingTheErrorTable, NamesAreTheEnumsWordsInUpperCase) {
#define LAKEGATE_CHECK_NAME(word) EXPECT_EQ(to_string(errc::word), upper_case(#word))
  auto upper_case = [](std::string word) {
    for (auto& c : word)
      c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return word;
  };
  LAKEGATE_CHECK_NAME(invalid_request);
  LAKEGATE_CHECK_NAME(invalid_preference);
  LAKEGATE_CHECK_NAME(invalid_query);
  LAKEGATE_CHECK_NAME(invalid_input);
  LAKEGATE_CHECK_NAME(duplicate_header);
  LAKEGATE_CHECK_NAME(auth_missing);
  LAKEGATE_CHECK_NAME(auth_malformed);
  LAKEGATE_CHECK_NAME(auth_expired);
  LAKEGATE_CHECK_NAME(auth_invalid);
  LAKEGATE_CHECK_NAME(auth_user_identity_failed);
  LAKEGATE_CHECK_NAME(catalog_permission_denied);
  LAKEGATE_CHECK_NAME(model_permission_denied);
  LAKEGATE_CHECK_NAME(token_scope_missing);
  LAKEGATE_CHECK_NAME(not_found);
  LAKEGATE_CHECK_NAME(preference_not_found);
  LAKEGATE_CHECK_NAME(catalog_not_found);
  LAKEGATE_CHECK_NAME(schema_not_found);
  LAKEGATE_CHECK_NAME(table_not_found);
  LAKEGATE_CHECK_NAME(endpoint_not_found);
  LAKEGATE_CHECK_NAME(method_not_allowed);
  LAKEGATE_CHECK_NAME(precondition_failed);
  LAKEGATE_CHECK_NAME(unsupported_media_type);
  LAKEGATE_CHECK_NAME(rate_limited);
  LAKEGATE_CHECK_NAME(internal_error);
  LAKEGATE_CHECK_NAME(data_corrupted);
  LAKEGATE_CHECK_NAME(upstream_invalid_response);
  LAKEGATE_CHECK_NAME(lakebase_not_configured);
  LAKEGATE_CHECK_NAME(database_unavailable);
  LAKEGATE_CHECK_NAME(workspace_not_configured);
  LAKEGATE_CHECK_NAME(warehouse_not_configured);
  LAKEGATE_CHECK_NAME(catalog_unavailable);
  LAKEGATE_CHECK_NAME(query_timeout);
  LAKEGATE_CHECK_NAME(model_unavailable);
  LAKEGATE_CHECK_NAME(model_timeout);
  LAKEGATE_CHECK_NAME(endpoint_not_ready);
  LAKEGATE_CHECK_NAME(identity_unavailable);
  LAKEGATE_CHECK_NAME(service_unavailable);
  LAKEGATE_CHECK_NAME(overloaded);
#undef LAKEGATE_CHECK_NAME
  // `none` is no failure; one more or less means that this list is out of date.
  EXPECT_EQ(error_table.size(), 39u);
}

TEST(MakingAnError, KeepsEveryFactOfTheFailure) {
  auto err = make_error(failure{errc::table_not_found, "Table a.b.c was not found.",
                                R"({"table":"c"})", std::int32_t{7}});

  auto back = failure_of(err);

  EXPECT_EQ(back.code, errc::table_not_found);
  EXPECT_EQ(back.message, "Table a.b.c was not found.");
  EXPECT_EQ(back.details, R"({"table":"c"})");
  EXPECT_EQ(back.retry_after, std::int32_t{7});
}

TEST(MakingAnError, NeedsNoMoreThanACode) {
  caf::error err = errc::overloaded;

  auto back = failure_of(err);

  EXPECT_EQ(back.code, errc::overloaded);
  EXPECT_EQ(back.message, "");
  EXPECT_EQ(back.details, "");
  EXPECT_EQ(back.retry_after, caf::none);
}

TEST(ListingFaults, NamesTheFirstAndCarriesAll) {
  auto back = failure_of(
      make_error(errc::invalid_query, faults{{"limit", "must be between 1 and 1000"},
                                             {"filters.\"a\".gt", "is no number"}}));

  EXPECT_EQ(back.code, errc::invalid_query);
  EXPECT_EQ(back.message, "limit must be between 1 and 1000 (and 1 more).");
  EXPECT_EQ(nlohmann::json::parse(back.details),
            nlohmann::json::parse(
                R"({"errors":[{"field":"limit","reason":"must be between 1 and 1000"},
                              {"field":"filters.\"a\".gt","reason":"is no number"}]})"));
}

TEST(ListingFaults, IsOneSentenceForOne) {
  auto back = failure_of(
      make_error(errc::invalid_query, faults{{"offset", "must be 0 or more"}}));

  EXPECT_EQ(back.message, "offset must be 0 or more.");
}

TEST(TranslatingErrorsOfCaf, CallsAPeerThatIsGoneUnavailable) {
  EXPECT_EQ(failure_of(caf::sec::request_timeout).code, errc::service_unavailable);
  EXPECT_EQ(failure_of(caf::sec::request_receiver_down).code, errc::service_unavailable);
  EXPECT_EQ(failure_of(caf::sec::cannot_connect_to_node).code, errc::service_unavailable);
  EXPECT_EQ(failure_of(caf::exit_reason::remote_link_unreachable).code,
            errc::service_unavailable);
}

TEST(TranslatingErrorsOfCaf, CallsAllElseADefect) {
  EXPECT_EQ(failure_of(caf::sec::unexpected_message).code, errc::internal_error);
  EXPECT_EQ(failure_of(caf::error{}).code, errc::internal_error);
  EXPECT_EQ(failure_of(caf::error{200, caf::atom("lakegate")}).code,
            errc::internal_error);
}

TEST(TranslatingErrorsOfCaf, TakesACodeOfOursWithoutContext) {
  caf::error bare{static_cast<std::uint8_t>(errc::overloaded), caf::atom("lakegate")};

  EXPECT_EQ(failure_of(bare).code, errc::overloaded);
}

TEST(PrintingAToken, ShowsNothingOfIt) {
  access_token token{"dapi-secret"};

  EXPECT_EQ(caf::deep_to_string(token), "<redacted>");
  EXPECT_EQ(testing::PrintToString(token), "<redacted>");
  EXPECT_EQ(to_string(access_token{}), "");
  EXPECT_EQ(token.reveal(), "dapi-secret");
}

} // namespace lakegate
