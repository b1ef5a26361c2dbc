#include "services/model-serving/src/service.hpp"

int main(int argc, char** argv) {
  using namespace lakegate;
  return runtime::service_main(
      argc, argv,
      {"lakegate-model-serving",
       "Serving endpoints, schema detection, inference and its log.",
       model_serving::all_settings(),
       runtime::start_one<model_serving::service>(model_serving::read_config)});
}
