#include "shared/runtime/src/node_identity.hpp"

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <random>
#include <unistd.h>

namespace lakegate::runtime {

namespace {

caf::node_id make_random_id() {
  caf::node_id::default_data::host_id_type host;
  std::random_device random;
  std::uniform_int_distribution<int> byte{0, 255};
  for (auto& x : host)
    x = static_cast<std::uint8_t>(byte(random));
  return caf::make_node_id(static_cast<std::uint32_t>(getpid()), host);
}

/// Modules are initialized in the order of their ids, and all before the first starts:
/// the middleman sets the node id when it is initialized and hands it on when it starts.
/// OpenCL, whose place this takes, comes after it and is not used.
class identity_module : public caf::actor_system::module {
public:
  explicit identity_module(caf::actor_system& system) : system_{system} {}

  void start() override {}
  void stop() override {}
  void init(caf::actor_system_config&) override {
    // The member behind the reference is not const; CAF offers no other way to it.
    const_cast<caf::node_id&>(system_.node()) = make_random_id();
  }
  id_t id() const override { return opencl_manager; }
  void* subtype_ptr() override { return this; }

private:
  caf::actor_system& system_;
};

} // namespace

void use_random_node_id(caf::actor_system_config& config) {
  config.module_factories.push_back(
      [](caf::actor_system& system) -> caf::actor_system::module* {
        return new identity_module{system};
      });
}

} // namespace lakegate::runtime
