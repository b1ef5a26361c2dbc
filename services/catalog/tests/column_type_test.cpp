#include "services/catalog/src/column_type.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

/// The shape of a type, short: `array(struct(a:integer,b:decimal))`.
std::string Shape(const column_type& type) {
  static constexpr const char* names[] = {
      "boolean", "integer",   "float32",       "float64", "decimal",
      "date",    "timestamp", "timestamp_ntz", "string",  "binary",
      "array",   "map",       "struct",        "variant", "other"};
  std::string result = names[static_cast<int>(type.kind)];
  if (type.parts.empty())
    return result;
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    result += i == 0 ? '(' : ',';
    if (!type.field_names.empty())
      result += type.field_names[i] + ':';
    result += Shape(type.parts[i]);
  }
  return result + ')';
}

struct TypeText {
  const char* text;
  const char* shape;
};

class ReadingAColumnType : public testing::TestWithParam<TypeText> {};

TEST_P(ReadingAColumnType, GivesItsShape) {
  EXPECT_EQ(Shape(parse_column_type(GetParam().text)), GetParam().shape);
}

INSTANTIATE_TEST_SUITE_P(
    Types, ReadingAColumnType,
    testing::Values(
        TypeText{"bigint", "integer"}, TypeText{"BIGINT", "integer"},
        TypeText{"tinyint", "integer"}, TypeText{"smallint", "integer"},
        TypeText{"int", "integer"}, TypeText{"LONG", "integer"},
        TypeText{"float", "float32"}, TypeText{"double", "float64"},
        TypeText{"decimal(10,2)", "decimal"}, TypeText{"DECIMAL(10, 2)", "decimal"},
        TypeText{"boolean", "boolean"}, TypeText{"date", "date"},
        TypeText{"timestamp", "timestamp"}, TypeText{"timestamp_ntz", "timestamp_ntz"},
        TypeText{"string", "string"}, TypeText{"varchar(20)", "string"},
        TypeText{"string collate UTF8_LCASE", "string"}, TypeText{"binary", "binary"},
        TypeText{"variant", "variant"}, TypeText{"void", "other"},
        TypeText{"interval day to second", "other"}, TypeText{"geography(4326)", "other"},
        TypeText{"", "other"}, TypeText{"array<int>", "array(integer)"},
        TypeText{"MAP<STRING, BIGINT>", "map(string,integer)"},
        TypeText{"array<struct<a:int,b:decimal(10,2)>>",
                 "array(struct(a:integer,b:decimal))"},
        TypeText{"STRUCT<street: STRING, zip: INT>", "struct(street:string,zip:integer)"},
        TypeText{"struct<`a,b``:c`:int>", "struct(a,b`:c:integer)"},
        TypeText{"struct<a:int not null comment 'x > y, \\' z',b:string>",
                 "struct(a:integer,b:string)"},
        TypeText{"map<string,array<map<int,double>>>",
                 "map(string,array(map(integer,float64)))"},
        TypeText{"struct<>", "struct"}));

INSTANTIATE_TEST_SUITE_P(
    Broken, ReadingAColumnType,
    testing::Values(TypeText{"array", "other"}, TypeText{"array<int", "other"},
                    TypeText{"array<int>>", "other"}, TypeText{"map<int>", "other"},
                    TypeText{"struct<a>", "other"}, TypeText{"struct<`a:int>", "other"}));

TEST(ReadingADeeplyNestedColumnType, GivesUpInsteadOfOverflowing) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += "array<";

  EXPECT_EQ(Shape(parse_column_type(text)), "other");
}

} // namespace
} // namespace lakegate::catalog
