#include <lakegate/contracts/query_request.hpp>

#include <gmock/gmock.h>

#include <map>

namespace lakegate::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Lines(const faults& found) {
  std::vector<std::string> result;
  for (const auto& x : found)
    result.push_back(x.field + ": " + x.reason);
  return result;
}

/// The conditions as `column op value,value`.
std::vector<std::string> Conditions(const query_table& query) {
  std::vector<std::string> result;
  for (const auto& x : query.filters) {
    auto line = x.column + ' ' + std::string{to_string(x.op)};
    for (std::size_t i = 0; i < x.values.size(); ++i)
      line += (i == 0 ? " " : ",") + x.values[i].str();
    result.push_back(line);
  }
  return result;
}

std::vector<std::string> Order(const query_table& query) {
  std::vector<std::string> result;
  if (query.order_by)
    for (const auto& x : *query.order_by)
      result.push_back(to_string(x));
  return result;
}

struct Parsed {
  query_table query;
  std::vector<std::string> faults;
};

Parsed FromBody(const std::string& body) {
  faults found;
  auto query = parse_query_body(json_text::trusted(body), found);
  return {std::move(query), Lines(found)};
}

Parsed FromParameters(std::map<std::string, std::string> parameters) {
  faults found;
  auto query = parse_query_parameters(
      [&](std::string_view name) -> std::optional<std::string> {
        auto i = parameters.find(std::string{name});
        return i == parameters.end() ? std::nullopt : std::optional{i->second};
      },
      found);
  return {std::move(query), Lines(found)};
}

// -- GET ------------------------------------------------------------------------

TEST(ReadingQueryParameters, TakesEveryPart) {
  auto x = FromParameters({{"catalog", "main"},
                           {"schema", "a.b"},
                           {"table", "t"},
                           {"limit", "7"},
                           {"offset", "14"},
                           {"columns", "a,b"},
                           {"order_by", "c,-d"},
                           {"include_total", "false"}});

  EXPECT_THAT(x.faults, IsEmpty());
  EXPECT_EQ(x.query.catalog, std::string{"main"});
  EXPECT_EQ(x.query.schema, std::string{"a.b"});
  EXPECT_EQ(x.query.table, std::string{"t"});
  EXPECT_EQ(x.query.limit, std::int64_t{7});
  EXPECT_EQ(x.query.offset, 14);
  EXPECT_THAT(*x.query.columns, ElementsAre("a", "b"));
  EXPECT_THAT(Order(x.query), ElementsAre("c", "-d"));
  EXPECT_FALSE(x.query.include_total);
}

TEST(ReadingQueryParameters, LeavesWhatWasNotSentOpen) {
  auto x = FromParameters({});

  EXPECT_THAT(x.faults, IsEmpty());
  EXPECT_FALSE(x.query.catalog);
  EXPECT_FALSE(x.query.limit);
  EXPECT_EQ(x.query.offset, 0);
  EXPECT_FALSE(x.query.columns);
  EXPECT_FALSE(x.query.order_by);
  EXPECT_TRUE(x.query.include_total);
}

TEST(ReadingQueryParameters, NamesEveryFault) {
  auto x = FromParameters({{"catalog", ""},
                           {"limit", "0"},
                           {"offset", "1e3"},
                           {"columns", "a,,a"},
                           {"order_by", "-"},
                           {"include_total", "yes"}});

  std::vector<std::string> fields;
  for (const auto& x1 : x.faults)
    fields.push_back(x1.substr(0, x1.find(':')));
  EXPECT_THAT(fields, ElementsAre("offset", "include_total", "catalog", "limit",
                                  "columns[1]", "columns[2]", "order_by[0]"));
}

class ReadingABadLimit : public testing::TestWithParam<const char*> {};

TEST_P(ReadingABadLimit, IsOneFault) {
  auto x = FromParameters({{"limit", GetParam()}});

  ASSERT_EQ(x.faults.size(), 1U);
  EXPECT_THAT(x.faults[0], testing::StartsWith("limit: "));
}

INSTANTIATE_TEST_SUITE_P(Limits, ReadingABadLimit,
                         testing::Values("0", "1001", "-1", "abc", "1e3", "",
                                         "99999999999999999999", " 5", "0x10", "+5"));

// -- POST -----------------------------------------------------------------------

TEST(ReadingAQueryBody, TakesEveryPart) {
  auto x = FromBody(R"({"catalog":"main","schema":"s","table":"t","limit":7,"offset":14,
      "columns":["a,b","c"],"order_by":["c","-d"],"include_total":false})");

  EXPECT_THAT(x.faults, IsEmpty());
  EXPECT_EQ(x.query.catalog, std::string{"main"});
  EXPECT_EQ(x.query.limit, std::int64_t{7});
  EXPECT_EQ(x.query.offset, 14);
  EXPECT_THAT(*x.query.columns, ElementsAre("a,b", "c"));
  EXPECT_THAT(Order(x.query), ElementsAre("c", "-d"));
  EXPECT_FALSE(x.query.include_total);
}

TEST(ReadingAQueryBody, TakesNullAsNotGiven) {
  auto x = FromBody(R"({"catalog":null,"limit":null,"offset":null,"filters":null,
      "columns":null,"order_by":null,"include_total":null,"unknown":1})");

  EXPECT_THAT(x.faults, IsEmpty());
  EXPECT_FALSE(x.query.catalog);
  EXPECT_FALSE(x.query.columns);
  EXPECT_TRUE(x.query.include_total);
}

TEST(ReadingAQueryBody, NamesEveryFault) {
  auto x = FromBody(R"({"catalog":1,"schema":"","table":"a\nb","limit":1.5,"offset":-1,
      "columns":["a",2,"c"],"order_by":"a","include_total":"true","filters":[]})");

  std::vector<std::string> fields;
  for (const auto& line : x.faults)
    fields.push_back(line.substr(0, line.find(':')));
  EXPECT_THAT(fields,
              ElementsAre("catalog", "limit", "columns[1]", "order_by", "include_total",
                          "filters", "schema", "table", "offset"));
}

TEST(ReadingAQueryBody, RefusesAnIntegerBeyondAnyRangeByTheRange) {
  EXPECT_THAT(FromBody(R"({"limit":99999999999999999999})").faults,
              ElementsAre("limit: must be between 1 and 1000"));
}

TEST(ReadingAQueryBody, RefusesWhatIsNoObject) {
  EXPECT_THAT(FromBody("[]").faults, ElementsAre("body: must be a JSON object"));
}

TEST(ReadingAQueryBody, TellsNoOrderFromNotGiven) {
  auto x = FromBody(R"({"order_by":[]})");

  EXPECT_THAT(x.faults, IsEmpty());
  ASSERT_TRUE(x.query.order_by);
  EXPECT_THAT(*x.query.order_by, IsEmpty());
}

// -- filters ----------------------------------------------------------------------

struct Filter {
  const char* json;
  std::vector<std::string> conditions;
};

class ReadingAFilter : public testing::TestWithParam<Filter> {};

TEST_P(ReadingAFilter, GivesConditions) {
  auto x = FromBody(std::string{R"({"filters":)"} + GetParam().json + '}');

  EXPECT_THAT(x.faults, IsEmpty());
  EXPECT_EQ(Conditions(x.query), GetParam().conditions);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadingAFilter,
    testing::Values(Filter{R"({})", {}}, Filter{R"({"a":1.10})", {"a eq 1.10"}},
                    Filter{R"({"a":9007199254740993})", {"a eq 9007199254740993"}},
                    Filter{R"({"a":"x\ny"})", {R"(a eq "x\ny")"}},
                    Filter{R"({"a":true})", {"a eq true"}},
                    Filter{R"({"a":null})", {"a is_null true"}},
                    Filter{R"({"a":[1,"b",false]})", {R"(a in 1,"b",false)"}},
                    Filter{R"({"a":[]})", {"a in"}},
                    Filter{R"({"a":{"gt":1,"lte":5}})", {"a gt 1", "a lte 5"}},
                    Filter{R"({"a":{"eq":null}})", {"a is_null true"}},
                    Filter{R"({"a":{"ne":null}})", {"a is_null false"}},
                    Filter{R"({"a":{"eq":1,"ne":2,"lt":3,"gte":4,"like":"x%"}})",
                           {"a eq 1", "a ne 2", "a lt 3", "a gte 4", R"(a like "x%")"}},
                    Filter{R"({"a":{"in":[1],"not_in":["x"],"is_null":false}})",
                           {"a in 1", R"(a not_in "x")", "a is_null false"}},
                    Filter{R"({"a.b":1,"c`d":2})", {"a.b eq 1", "c`d eq 2"}}));

struct BadFilter {
  const char* json;
  const char* fault;
};

class ReadingABadFilter : public testing::TestWithParam<BadFilter> {};

TEST_P(ReadingABadFilter, NamesItAsTheClientWroteIt) {
  auto x = FromBody(std::string{R"({"filters":)"} + GetParam().json + '}');

  EXPECT_THAT(x.faults, ElementsAre(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadingABadFilter,
    testing::Values(
        BadFilter{R"({"age":{"above":1}})",
                  "filters.age.above: is not an operator: use eq, ne, lt, lte, gt, gte, "
                  "like, in, not_in or is_null"},
        BadFilter{R"({"age":{}})", "filters.age: must hold at least one operator"},
        BadFilter{R"({"age":[1,null]})", "filters.age[1]: must not be null, which a list "
                                         "never matches; use is_null"},
        BadFilter{R"({"age":{"not_in":[{}]}})",
                  "filters.age.not_in[0]: must be a string, a number or a boolean"},
        BadFilter{R"({"age":{"in":1}})", "filters.age.in: must be an array"},
        BadFilter{R"({"age":{"gt":null}})",
                  "filters.age.gt: must be a string, a number or a boolean"},
        BadFilter{R"({"age":{"eq":[1]}})",
                  "filters.age.eq: must be a string, a number or a boolean"},
        BadFilter{R"({"age":{"like":1}})", "filters.age.like: must be a string"},
        BadFilter{R"({"age":{"is_null":1}})",
                  "filters.age.is_null: must be true or false"},
        BadFilter{R"({"age":{"is_null":null}})",
                  "filters.age.is_null: must be true or false"}));

std::string Members(std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += (i == 0 ? "" : ",") + std::to_string(i);
  return result;
}

TEST(ReadingALongList, TakesAThousandMembersAndNoMore) {
  EXPECT_THAT(FromBody(R"({"filters":{"a":[)" + Members(1000) + "]}}").faults, IsEmpty());
  EXPECT_THAT(FromBody(R"({"filters":{"a":[)" + Members(1001) + "]}}").faults,
              ElementsAre("filters.a: must have at most 1000 members"));
}

TEST(ReadingManyConditions, TakesFiftyAndNoMore) {
  auto filters = [](int count) {
    std::string result;
    for (int i = 0; i < count; ++i)
      result += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + "\":1";
    return R"({"filters":{)" + result + "}}";
  };

  EXPECT_THAT(FromBody(filters(50)).faults, IsEmpty());
  EXPECT_THAT(FromBody(filters(51)).faults,
              ElementsAre("filters: must hold at most 50 conditions"));
}

TEST(CheckingAQuery, RefusesAConditionWithoutItsValue) {
  query_table query;
  query.filters = {{"a", filter_op::eq, {}}, {"b", filter_op::in, {}}};
  faults found;

  check_query(query, found);

  EXPECT_THAT(Lines(found), ElementsAre("filters.a.eq: must have exactly one value"));
}

} // namespace
} // namespace lakegate::catalog
