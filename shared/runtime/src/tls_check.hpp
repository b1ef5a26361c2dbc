#pragma once

#include <lakegate/runtime/node.hpp>

namespace lakegate::runtime {

/// What is wrong with the three PEM files of `config`, in a sentence; empty: nothing. CAF
/// finds out only at the first connection, and then ends the broker.
std::string fault_of_tls_files(const node_config& config);

} // namespace lakegate::runtime
