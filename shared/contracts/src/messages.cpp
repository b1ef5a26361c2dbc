#include <lakegate/contracts/messages.hpp>

namespace lakegate {

void add_message_types(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::lakegate_core>();
  config.add_message_types<caf::id_block::lakegate_common>();
  config.add_message_types<caf::id_block::lakegate_preferences>();
  config.add_message_types<caf::id_block::lakegate_catalog>();
  config.add_message_types<caf::id_block::lakegate_model_serving>();
  config.add_message_types<caf::id_block::lakegate_databricks>();
}

} // namespace lakegate
