#pragma once

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/contracts/preferences.hpp>

#include <caf/actor_system_config.hpp>

namespace lakegate {

static_assert(caf::id_block::lakegate_core::end <= caf::id_block::lakegate_common::begin);
static_assert(caf::id_block::lakegate_common::end
              <= caf::id_block::lakegate_preferences::begin);
static_assert(caf::id_block::lakegate_preferences::end
              <= caf::id_block::lakegate_catalog::begin);
static_assert(caf::id_block::lakegate_catalog::end
              <= caf::id_block::lakegate_model_serving::begin);
static_assert(caf::id_block::lakegate_model_serving::end
              <= caf::id_block::lakegate_databricks::begin);

/// Announces every message of ours; called once by every actor system of ours, so that no
/// process can lack a type that another sends. `runtime` adds its own block (400-419).
void add_message_types(caf::actor_system_config& config);

} // namespace lakegate
