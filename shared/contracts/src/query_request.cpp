#include <lakegate/contracts/query_request.hpp>

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/rules.hpp>

#include <array>
#include <limits>
#include <utility>

namespace lakegate::catalog {

namespace {

constexpr auto operators = std::array<std::pair<std::string_view, filter_op>, 10>{{
    {"eq", filter_op::eq},
    {"ne", filter_op::ne},
    {"lt", filter_op::lt},
    {"lte", filter_op::lte},
    {"gt", filter_op::gt},
    {"gte", filter_op::gte},
    {"like", filter_op::like},
    {"in", filter_op::in},
    {"not_in", filter_op::not_in},
    {"is_null", filter_op::is_null},
}};

std::string indexed(std::string_view field, std::size_t index) {
  return std::string{field} + '[' + std::to_string(index) + ']';
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> result;
  for (;;) {
    auto comma = text.find(',');
    result.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos)
      return result;
    text.remove_prefix(comma + 1);
  }
}

caf::optional<std::vector<order_term>> order_of(const std::vector<std::string>& words) {
  std::vector<order_term> result;
  result.reserve(words.size());
  for (const auto& word : words)
    result.push_back(order_term_of(word));
  return result;
}

// -- the members of a body ------------------------------------------------------

caf::optional<std::string> text_member(json_view body, std::string_view name,
                                       faults& found) {
  auto value = body[name];
  if (value.is_null())
    return caf::none;
  if (auto text = value.string())
    return std::move(*text);
  found.push_back({std::string{name}, "must be a string"});
  return caf::none;
}

caf::optional<std::int64_t> integer_member(json_view body, std::string_view name,
                                           faults& found) {
  auto value = body[name];
  if (value.is_null())
    return caf::none;
  if (auto x = value.integer())
    return *x;
  if (value.is_number() && value.raw().find_first_of(".eE") == std::string_view::npos) {
    using limits = std::numeric_limits<std::int64_t>; // left to the range rule
    return value.raw().starts_with('-') ? limits::min() : limits::max();
  }
  found.push_back({std::string{name}, "must be an integer"});
  return caf::none;
}

caf::optional<std::vector<std::string>> list_member(json_view body, std::string_view name,
                                                    faults& found) {
  auto list = body[name];
  if (list.is_null())
    return caf::none;
  if (!list.is_array()) {
    found.push_back({std::string{name}, "must be an array of strings"});
    return caf::none;
  }
  std::vector<std::string> result;
  std::size_t index = 0;
  list.each_element([&](json_view value) {
    if (auto text = value.string())
      result.push_back(std::move(*text));
    else
      found.push_back({indexed(name, index), "must be a string"});
    ++index;
    return true;
  });
  if (index != result.size())
    return caf::none;
  return result;
}

// -- filters ----------------------------------------------------------------------

bool is_scalar(json_view value) {
  return value.is_string() || value.is_number() || value.is_boolean();
}

/// Reads the `filters` object into conditions.
class filter_reader {
public:
  filter_reader(std::vector<filter_condition>& out, faults& found)
      : out_{out}, found_{found} {}

  void read(json_view filters) {
    filters.each_member([this](const std::string& column, json_view value) {
      read_column(column, value);
      return out_.size() <= rules::max_filter_conditions;
    });
  }

private:
  void read_column(const std::string& column, json_view value) {
    auto field = "filters." + column;
    switch (value.kind()) {
    case json_kind::null:
      return add_null_test(column, true);
    case json_kind::array:
      return add_list(field, column, filter_op::in, value);
    case json_kind::object:
      return read_operators(field, column, value);
    default:
      return add(column, filter_op::eq, {json_text::trusted(std::string{value.raw()})});
    }
  }

  void read_operators(const std::string& field, const std::string& column,
                      json_view conditions) {
    bool any = false;
    conditions.each_member([&](const std::string& word, json_view value) {
      any = true;
      if (auto op = filter_op_of(word))
        read_operator(field + '.' + word, column, *op, value);
      else
        fault(field + '.' + word,
              "is not an operator: use eq, ne, lt, lte, gt, gte, like, "
              "in, not_in or is_null");
      return out_.size() <= rules::max_filter_conditions;
    });
    if (!any)
      fault(field, "must hold at least one operator");
  }

  void read_operator(const std::string& field, const std::string& column, filter_op op,
                     json_view value) {
    if (op == filter_op::in || op == filter_op::not_in) {
      if (!value.is_array())
        return fault(field, "must be an array");
      return add_list(field, column, op, value);
    }
    if (value.is_null() && (op == filter_op::eq || op == filter_op::ne))
      return add_null_test(column, op == filter_op::eq);
    if (op == filter_op::is_null && !value.is_boolean())
      return fault(field, "must be true or false");
    if (op == filter_op::like && !value.is_string())
      return fault(field, "must be a string");
    if (!is_scalar(value))
      return fault(field, "must be a string, a number or a boolean");
    add(column, op, {json_text::trusted(std::string{value.raw()})});
  }

  void add_list(const std::string& field, const std::string& column, filter_op op,
                json_view list) {
    if (list.size() > rules::max_filter_members)
      return fault(field, "must have at most " + std::to_string(rules::max_filter_members)
                              + " members");
    std::vector<json_text> values;
    std::size_t index = 0;
    list.each_element([&](json_view value) {
      if (value.is_null())
        fault(indexed(field, index),
              "must not be null, which a list never matches; use is_null");
      else if (!is_scalar(value))
        fault(indexed(field, index), "must be a string, a number or a boolean");
      else
        values.push_back(json_text::trusted(std::string{value.raw()}));
      ++index;
      return true;
    });
    if (index == values.size())
      add(column, op, std::move(values));
  }

  void add_null_test(const std::string& column, bool is_null) {
    add(column, filter_op::is_null, {json_text::trusted(is_null ? "true" : "false")});
  }

  void add(const std::string& column, filter_op op, std::vector<json_text> values) {
    out_.push_back({column, op, std::move(values)});
  }

  void fault(std::string field, std::string reason) {
    found_.push_back({std::move(field), std::move(reason)});
  }

  std::vector<filter_condition>& out_;
  faults& found_;
};

void read_filters(json_view filters, query_table& query, faults& found) {
  if (filters.is_null())
    return;
  if (!filters.is_object())
    found.push_back({"filters", "must be an object"});
  else
    filter_reader{query.filters, found}.read(filters);
}

} // namespace

// -- words ------------------------------------------------------------------------

std::string_view to_string(filter_op op) noexcept {
  for (const auto& [word, x] : operators)
    if (x == op)
      return word;
  return {};
}

std::optional<filter_op> filter_op_of(std::string_view word) noexcept {
  for (const auto& [x, op] : operators)
    if (x == word)
      return op;
  return std::nullopt;
}

std::string to_string(const order_term& term) {
  return term.descending ? '-' + term.column : term.column;
}

order_term order_term_of(std::string_view text) {
  auto descending = text.starts_with('-');
  return {std::string{text.substr(descending ? 1 : 0)}, descending};
}

std::string field_of(const filter_condition& condition) {
  return "filters." + condition.column + '.' + std::string{to_string(condition.op)};
}

// -- the two forms of a request -----------------------------------------------------

query_table parse_query_parameters(const parameter_source& parameter, faults& found) {
  query_table result;
  auto take = [&](std::string_view name, auto use) {
    if (auto value = parameter(name))
      use(*value);
  };
  take("catalog", [&](std::string& x) { result.catalog = std::move(x); });
  take("schema", [&](std::string& x) { result.schema = std::move(x); });
  take("table", [&](std::string& x) { result.table = std::move(x); });
  take("limit", [&](std::string& x) {
    if (auto n = rules::parse_number("limit", x, found))
      result.limit = *n;
  });
  take("offset", [&](std::string& x) {
    result.offset = rules::parse_number("offset", x, found).value_or(0);
  });
  take("columns", [&](std::string& x) { result.columns = split(x); });
  take("order_by", [&](std::string& x) { result.order_by = order_of(split(x)); });
  take("include_total", [&](std::string& x) {
    if (x != "true" && x != "false")
      found.push_back({"include_total", "must be true or false"});
    result.include_total = x != "false";
  });
  check_query(result, found);
  return result;
}

query_table parse_query_body(const json_text& body, faults& found) {
  query_table result;
  auto root = json_view{body};
  if (!root.is_object()) {
    found.push_back({"body", "must be a JSON object"});
    return result;
  }
  result.catalog = text_member(root, "catalog", found);
  result.schema = text_member(root, "schema", found);
  result.table = text_member(root, "table", found);
  result.limit = integer_member(root, "limit", found);
  if (auto offset = integer_member(root, "offset", found))
    result.offset = *offset;
  result.columns = list_member(root, "columns", found);
  if (auto words = list_member(root, "order_by", found))
    result.order_by = order_of(*words);
  if (auto flag = root["include_total"]; flag.is_boolean())
    result.include_total = *flag.boolean();
  else if (!flag.is_null())
    found.push_back({"include_total", "must be true or false"});
  read_filters(root["filters"], result, found);
  check_query(result, found);
  return result;
}

} // namespace lakegate::catalog
