#include "services/sandbox/src/predictions.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/ticket_model.hpp"

#include <cmath>

namespace lakegate::sandbox {

namespace {

void write_fare(json_writer& w, const std::vector<json_view>& row,
                const fare_model& fares) {
  const auto fare = fares.fare(row[0].number().value_or(0), row[1].number().value_or(0));
  write_double(w, std::round(fare * 10000) / 10000);
}

void write_ticket(json_writer& w, const std::vector<json_view>& row) {
  static const ticket_model model;
  const auto verdict = model.classify(row[0].string().value_or(""));
  w.begin_object().member("label", verdict.label);
  w.key("score");
  write_double(w, std::round(verdict.score * 10000) / 10000);
  w.end_object();
}

void write_fahrenheit(json_writer& w, const std::vector<json_view>& row) {
  write_double(w, row[0].number().value_or(0) * 9 / 5 + 32);
}

/// A logistic curve over the sum of whatever numbers come.
void write_score(json_writer& w, const std::vector<json_view>& row) {
  double sum = 0;
  for (const auto& value : row)
    sum += value.number().value_or(0);
  write_double(w, std::round(10000 / (1 + std::exp(-sum))) / 10000);
}

} // namespace

http_response predict(model_kind kind, json_view body, const fare_model& fares) {
  auto frame = read_scoring_frame(body);
  const auto signature = signature_of(kind);
  if (const auto* read = std::get_if<scoring_frame>(&frame);
      read && !signature.inputs.empty())
    frame = enforce_schema(scoring_frame{*read}, signature);
  if (const auto* refused = std::get_if<http_response>(&frame))
    return *refused;
  json_writer w;
  w.begin_object().key("predictions").begin_array();
  for (const auto& row : std::get<scoring_frame>(frame).rows) {
    if (kind == model_kind::fare)
      write_fare(w, row, fares);
    else if (kind == model_kind::tickets)
      write_ticket(w, row);
    else if (kind == model_kind::sleepy)
      write_fahrenheit(w, row);
    else
      write_score(w, row);
  }
  w.end_array().end_object();
  return json_answer(std::move(w));
}

} // namespace lakegate::sandbox
