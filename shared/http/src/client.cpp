#include <lakegate/http/client.hpp>

#include "shared/http/src/loop.hpp"

namespace lakegate::http {

client::client(client_config config) : loop_{std::make_shared<loop>(std::move(config))} {
  loop_->launch(loop_);
}

client::~client() {
  loop_->end();
}

std::uint64_t client::send(request what, callback done) {
  return loop_->send(std::move(what), std::move(done));
}

void client::cancel(std::uint64_t id) {
  loop_->cancel(id);
}

} // namespace lakegate::http
