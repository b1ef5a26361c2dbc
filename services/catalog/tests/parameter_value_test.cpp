#include "services/catalog/src/parameter_value.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

/// `TYPE text`, or `! reason`.
std::string Typed(const std::string& type, const std::string& json) {
  auto text = json_text::trusted(json);
  auto result = type_value(parse_column_type(type), type, json_view{text});
  if (auto value = std::get_if<typed_value>(&result))
    return value->type + ' ' + value->text;
  return "! " + std::get<std::string>(result);
}

struct Value {
  const char* column;
  const char* json;
  const char* typed;
};

class TypingAFilterValue : public testing::TestWithParam<Value> {};

TEST_P(TypingAFilterValue, FollowsTheColumnsType) {
  EXPECT_EQ(Typed(GetParam().column, GetParam().json), GetParam().typed);
}

INSTANTIATE_TEST_SUITE_P(
    Fitting, TypingAFilterValue,
    testing::Values(
        Value{"boolean", "true", "BOOLEAN true"},
        Value{"bigint", "9007199254740993", "BIGINT 9007199254740993"},
        Value{"int", "-1", "BIGINT -1"},
        Value{"bigint", "99999999999999999999", "DECIMAL(20,0) 99999999999999999999"},
        Value{"int", "1.50", "DECIMAL(3,2) 1.50"}, Value{"int", "1e3", "DOUBLE 1e3"},
        Value{"double", "1.10", "DOUBLE 1.10"}, Value{"float", "0.1", "FLOAT 0.1"},
        Value{"double", R"("NaN")", "DOUBLE NaN"},
        Value{"decimal(10,2)", R"("12.50")", "DECIMAL(4,2) 12.50"},
        Value{"decimal(10,2)", "12.50", "DECIMAL(4,2) 12.50"},
        Value{"decimal(10,2)", R"("-0.05")", "DECIMAL(2,2) -0.05"},
        Value{"decimal(10,2)", "0", "DECIMAL(1,0) 0"},
        Value{"date", R"("2024-02-29")", "DATE 2024-02-29"},
        Value{"timestamp", R"("2024-02-29T10:00:00.123456+02:00")",
              "TIMESTAMP 2024-02-29T10:00:00.123456+02:00"},
        Value{"timestamp", R"("2024-02-29")", "TIMESTAMP 2024-02-29T00:00:00Z"},
        Value{"timestamp_ntz", R"("2024-02-29T10:00:00")",
              "TIMESTAMP_NTZ 2024-02-29T10:00:00"},
        Value{"string", R"("it's; -- \"x\"")", "STRING it's; -- \"x\""},
        Value{"varchar(3)", R"("")", "STRING "}));

INSTANTIATE_TEST_SUITE_P(
    Unfitting, TypingAFilterValue,
    testing::Values(
        Value{"boolean", "1",
              "! must be true or false, as the column is of type boolean"},
        Value{"bigint", R"("1")", "! must be a number, as the column is of type bigint"},
        Value{"bigint", "true", "! must be a number, as the column is of type bigint"},
        Value{"double", R"("x")", "! must be a number, as the column is of type double"},
        Value{"double", "1e400", "! is out of the range of double"},
        Value{
            "decimal(10,2)", R"("1e3")",
            "! must be a decimal number of at most 38 digits without an exponent, as the "
            "column is of type decimal(10,2)"},
        Value{
            "decimal(10,2)", R"("1.")",
            "! must be a decimal number of at most 38 digits without an exponent, as the "
            "column is of type decimal(10,2)"},
        Value{"date", R"("2023-02-29")",
              "! must be a date such as \"2026-01-31\", as the column is of type date"},
        Value{
            "timestamp", R"("yesterday")",
            "! must be a time such as \"2026-01-31T12:00:00Z\", as the column is of type "
            "timestamp"},
        Value{"timestamp_ntz", R"("2024-02-29T10:00:00Z")",
              "! must be a time without a zone, such as \"2026-01-31T12:00:00\", as the "
              "column is of type timestamp_ntz"},
        Value{"string", "1", "! must be a string, as the column is of type string"},
        Value{"binary", R"("AQID")",
              "! can only be tested with is_null, as the column is of type binary"},
        Value{"array<int>", "1",
              "! can only be tested with is_null, as the column is of type array<int>"}));

} // namespace
} // namespace lakegate::catalog
