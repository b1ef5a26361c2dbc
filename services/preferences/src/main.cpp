#include "services/preferences/src/service.hpp"

int main(int argc, char** argv) {
  using namespace lakegate;
  return runtime::service_main(
      argc, argv,
      {"lakegate-preferences", "Keeps each user's preferences in PostgreSQL.",
       preferences::all_settings(),
       runtime::start_one<preferences::service>(preferences::read_config)});
}
