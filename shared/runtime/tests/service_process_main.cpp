#include "shared/runtime/tests/link_world.hpp"

#include <iostream>
#include <string>

/// The service of the tests as a process: prints its port, ends when its input does.
int main(int argc, char** argv) {
  using namespace lakegate::runtime::test;
  ServiceNode service{argc > 1 ? static_cast<std::uint16_t>(std::stoul(argv[1]))
                               : std::uint16_t{0}};
  std::cout << service.Port() << std::endl;
  std::cin.get();
  return 0;
}
