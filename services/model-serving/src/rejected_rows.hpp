#pragma once

#include "services/model-serving/src/journal_record.hpp"

#include <filesystem>

namespace lakegate::model_serving {

/// Appends a record as one line of JSON to a file, which is made if need be, and has both
/// on the disk before it returns. False: nothing was kept, and `errno` tells why.
bool append_rejected_row(const std::filesystem::path& file, const log_record& x);

} // namespace lakegate::model_serving
