#include "gateway/src/config.hpp"
#include "gateway/src/server.hpp"

#include <lakegate/runtime/service_main.hpp>

int main(int argc, char** argv) {
  using namespace lakegate;
  return runtime::service_main(
      argc, argv,
      {"lakegate-gateway", "Serves the HTTP API of Lakegate.", gateway::all_settings(),
       runtime::start_one<gateway::server>(gateway::read_config)});
}
