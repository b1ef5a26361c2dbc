#include "services/catalog/src/service.hpp"

int main(int argc, char** argv) {
  using namespace lakegate;
  return runtime::service_main(
      argc, argv,
      {"lakegate-catalog",
       "Unity Catalog and SQL of a Databricks workspace, for Lakegate.",
       catalog::all_settings(),
       runtime::start_one<catalog::service>(catalog::read_config)});
}
