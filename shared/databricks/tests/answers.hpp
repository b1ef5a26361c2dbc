#pragma once

#include <lakegate/contracts/databricks/common.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>
#include <gtest/gtest.h>

#include <string>

namespace lakegate::test {

/// A success as the workspace sends it.
inline http::response success(std::string body, std::vector<http::header> headers = {}) {
  http::response result;
  result.status = 200;
  result.body = std::move(body);
  result.headers = std::move(headers);
  result.headers.push_back({"content-type", "application/json"});
  return result;
}

/// The value; a failure of the test, and a default, if there is none.
template <class T>
T must(caf::expected<T> x) {
  if (x)
    return std::move(*x);
  ADD_FAILURE() << "failed: " << databricks::failure_in(x.error()).message;
  return {};
}

template <class T>
databricks::failure_kind kind_of(const caf::expected<T>& x) {
  return x ? databricks::failure_kind::none : databricks::failure_in(x.error()).kind;
}

} // namespace lakegate::test
