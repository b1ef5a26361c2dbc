#include "services/sandbox/src/cells.hpp"

#include <gtest/gtest.h>

namespace {

using namespace lakegate::sandbox;

std::string Cell(std::string_view postgres_type, std::string_view value) {
  return cell_text(column_type_of(postgres_type), value);
}

TEST(NamingTypes, UsesDatabricksWords) {
  const auto decimal = column_type_of("numeric(10,2)");
  EXPECT_EQ(decimal.text, "DECIMAL(10,2)");
  EXPECT_EQ(decimal.name, "DECIMAL");
  EXPECT_EQ(decimal.precision, 10);
  EXPECT_EQ(decimal.scale, 2);
  EXPECT_EQ(column_type_of("bigint").name, "LONG");
  EXPECT_EQ(column_type_of("timestamp without time zone").name, "TIMESTAMP_NTZ");
  EXPECT_EQ(column_type_of("interval day to second").interval, "DAY TO SECOND");
  EXPECT_EQ(column_type_of("uuid").name, "STRING");
}

TEST(NamingTypes, ReadsTheNameOfADomain) {
  const auto map = column_type_of(R"(lakegate_sandbox."MAP<STRING, INT>")");

  EXPECT_EQ(map.text, "MAP<STRING, INT>");
  EXPECT_EQ(map.name, "MAP");
  EXPECT_EQ(catalog_type_text(map), "map<string,int>");
}

TEST(NamingTypes, DescribesNestedOnesInSparksJson) {
  EXPECT_EQ(
      spark_type_json("MAP<STRING, ARRAY<BIGINT>>"),
      R"({"type":"map","keyType":"string","valueType":{"type":"array","elementType":"long",)"
      R"("containsNull":true},"valueContainsNull":true})");
}

TEST(WritingCells, PrintsDoublesAsJavaDoes) {
  EXPECT_EQ(java_double("1"), "1.0");
  EXPECT_EQ(java_double("0.001"), "0.001");
  EXPECT_EQ(java_double("0.0001"), "1.0E-4");
  EXPECT_EQ(java_double("9999999"), "9999999.0");
  EXPECT_EQ(java_double("1e+07"), "1.0E7");
  EXPECT_EQ(java_double("-1.7976931348623157e+308"), "-1.7976931348623157E308");
  EXPECT_EQ(java_double("0"), "0.0");
  EXPECT_EQ(java_double("NaN"), "NaN");
}

TEST(WritingCells, PrintsTimesInIso8601) {
  EXPECT_EQ(Cell("timestamp with time zone", "2024-01-31 10:00:00+00"),
            "2024-01-31T10:00:00.000Z");
  EXPECT_EQ(Cell("timestamp with time zone", "2024-01-31 10:00:00.123456+05:30"),
            "2024-01-31T10:00:00.123+05:30");
  EXPECT_EQ(Cell("timestamp without time zone", "2024-01-31 10:00:00"),
            "2024-01-31T10:00:00.000");
  EXPECT_EQ(Cell("interval day to second", "1 2:03:04.5"), "1 02:03:04.500000000");
}

TEST(WritingCells, PrintsScalarsInsideArraysAsStrings) {
  EXPECT_EQ(Cell("integer[]", "{1,NULL,3}"), R"(["1",null,"3"])");
  EXPECT_EQ(Cell("text[]", R"({"a b","c\"d",NULL,"NULL"})"),
            R"(["a b","c\"d",null,"NULL"])");
  EXPECT_EQ(Cell("integer[]", "{}"), "[]");
  EXPECT_EQ(Cell("integer[]", "{{1,2},{3,4}}"), R"([["1","2"],["3","4"]])");
}

TEST(WritingCells, PrintsScalarsInsideStructsAsStrings) {
  EXPECT_EQ(Cell(R"("STRUCT<a: INT, b: STRING>")", R"({"a": 1, "b": null, "c": [true]})"),
            R"({"a":"1","b":null,"c":["true"]})");
}

TEST(WritingCells, PrintsBooleansAndBinary) {
  EXPECT_EQ(Cell("boolean", "t"), "true");
  EXPECT_EQ(Cell("bytea", "\\x00ff"), "00ff");
  EXPECT_EQ(Cell("numeric(10,2)", "12.50"), "12.50");
}

} // namespace
