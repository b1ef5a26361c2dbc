#include "integration-tests/support/reference_data.hpp"

#include <algorithm>
#include <cctype>

namespace lakegate::integration {

namespace {

std::string type_name_of(const std::string& type_text) {
  static const std::map<std::string, std::string> renamed{
      {"BIGINT", "LONG"}, {"SMALLINT", "SHORT"}, {"TINYINT", "BYTE"}};
  auto word = type_text.substr(0, type_text.find_first_of("(<"));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  auto found = renamed.find(word);
  return found == renamed.end() ? word : found->second;
}

databricks::serving_endpoint endpoint(std::string name, std::string task,
                                      databricks::served_entity entity,
                                      std::string config) {
  databricks::serving_endpoint x;
  x.id = "id-of-" + name;
  x.name = std::move(name);
  x.creator = "owner@example.com";
  x.created_at_ms = 1767225600000; // 2026-01-01T00:00:00Z
  x.updated_at_ms = 1767312000000;
  x.ready = "READY";
  x.config_update = "NOT_UPDATING";
  x.task = std::move(task);
  x.entities = {std::move(entity)};
  x.config = json_text::trusted(std::move(config));
  return x;
}

} // namespace

std::vector<std::string> SevenUsers() {
  std::vector<std::string> users;
  for (int i = 1; i <= 7; ++i)
    users.push_back("user-" + std::to_string(i) + "@example.com");
  return users;
}

databricks::column_info Column(std::string name, std::string type_text, bool nullable) {
  databricks::column_info x;
  x.name = std::move(name);
  x.type_name = type_name_of(type_text);
  x.type_text = std::move(type_text);
  x.nullable = nullable;
  return x;
}

reference_table Table(std::string catalog, std::string schema, std::string name,
                      std::vector<databricks::column_info> columns,
                      std::vector<std::vector<databricks::cell>> rows) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    columns[i].position = static_cast<std::int32_t>(i);
  reference_table x{std::move(catalog),
                    std::move(schema),
                    std::move(name),
                    std::move(columns),
                    {},
                    static_cast<std::int64_t>(rows.size()),
                    {}};
  x.row = [rows = std::move(rows)](std::int64_t i) {
    return rows[static_cast<std::size_t>(i)];
  };
  return x;
}

std::vector<reference_table> ReferenceTables() {
  using cells = std::vector<databricks::cell>;
  return {
      Table("main", "default", "customers",
            {Column("customer_id", "bigint", false), Column("name", "string"),
             Column("email", "string")},
            {cells{"1", "Ada", "ada@example.com"}, cells{"2", "Bob", "bob@example.com"},
             cells{"3", "Eve", caf::none}}),
      Table("main", "default", "orders",
            {Column("order_id", "bigint"), Column("customer_id", "bigint"),
             Column("amount", "decimal(10,2)")},
            {cells{"10", "1", "12.50"}, cells{"11", "1", "7.00"},
             cells{"12", "2", "99999999.99"}}),
      Table("main", "sales", "targets",
            {Column("region", "string"), Column("target", "double")},
            {cells{"north", "1.5"}}),
      Table("samples", "tpch", "nation",
            {Column("n_nationkey", "bigint"), Column("n_name", "string")},
            {cells{"0", "ALGERIA"}, cells{"1", "ARGENTINA"}, cells{"2", "BRAZIL"}}),
      Table("samples", "nyctaxi", "trips",
            {Column("tpep_pickup_datetime", "timestamp"),
             Column("trip_distance", "double"), Column("fare_amount", "double")},
            {cells{"2016-02-14T16:52:13.000-05:00", "4.94", "19"}}),
  };
}

std::vector<databricks::serving_endpoint> ReferenceEndpoints() {
  databricks::served_entity claude{"claude", "system.ai.claude-sonnet-4", "1", true,
                                   false};
  databricks::served_entity classifier{"classifier", "main.default.classifier", "3",
                                       false, false};
  return {endpoint("claude-sonnet-4", "llm/v1/chat", claude,
                   R"({"served_entities":[{"name":"claude"}],"config_version":1})"),
          endpoint("custom-classifier", "", classifier,
                   R"({"served_entities":[{"name":"classifier"}],"config_version":7})")};
}

} // namespace lakegate::integration
