// The two ends of a measurement, so that what is between them can be told apart:
//
//   lakegate-benchmark-peer hello PORT      a bare RESTinio server: the ceiling
//   lakegate-benchmark-peer upstream PORT   a workspace that answers at once
//
// Ends with the terminal's Ctrl-C or SIGTERM.

#include <restinio/all.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using traits = restinio::default_single_thread_traits_t;

restinio::request_handling_status_t answer(const restinio::request_handle_t& request,
                                           std::string_view body) {
  return request->create_response()
      .append_header(restinio::http_field::content_type, "application/json")
      .set_body(std::string{body})
      .done();
}

restinio::request_handling_status_t hello(const restinio::request_handle_t& request) {
  return answer(request, R"({"hello":"world"})");
}

/// Just the answers that identity and inference need (SCIM Me, endpoint, invocations).
restinio::request_handling_status_t upstream(const restinio::request_handle_t& request) {
  auto target = request->header().request_target();
  if (target.ends_with("/scim/v2/Me"))
    return answer(request, R"({"id":"1","userName":"bench@example.com","active":true})");
  if (target.ends_with("/invocations"))
    return answer(request, R"({"predictions":[19.5]})");
  return answer(request, R"({"name":"bench","id":"1","state":{"ready":"READY",)"
                         R"("config_update":"NOT_UPDATING"},"config":{}})");
}

} // namespace

int main(int argc, char** argv) {
  std::string_view mode = argc == 3 ? argv[1] : "";
  if (mode != "hello" && mode != "upstream") {
    std::cerr << "usage: lakegate-benchmark-peer hello|upstream PORT\n";
    return 2;
  }
  auto port = static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10));
  restinio::run(restinio::on_this_thread<traits>()
                    .address("127.0.0.1")
                    .port(port)
                    .max_pipelined_requests(4)
                    .request_handler([is_hello = mode == "hello"](const auto& request) {
                      return is_hello ? hello(request) : upstream(request);
                    }));
  return 0;
}
