#include <lakegate/postgres/connection.hpp>

#include <array>

namespace lakegate::postgres {

namespace {

/// A class (two characters) or one code of PostgreSQL's appendix A.
struct row {
  std::string_view prefix;
  errc on_read;
  errc on_write;
};

/// The longest prefix that fits counts. What is in no row is a defect of ours.
constexpr std::array table{
    row{"08", errc::database_unavailable, errc::database_unavailable},
    row{"0A000", errc::database_unavailable, errc::database_unavailable}, // plan changed
    row{"22", errc::data_corrupted, errc::invalid_request},
    row{"23514", errc::internal_error, errc::invalid_request},            // CHECK
    row{"25006", errc::database_unavailable, errc::database_unavailable}, // read only
    row{"25P03", errc::database_unavailable, errc::database_unavailable},
    row{"26000", errc::database_unavailable, errc::database_unavailable},
    row{"28", errc::database_unavailable, errc::database_unavailable},
    row{"3D000", errc::database_unavailable, errc::database_unavailable},
    row{"3F000", errc::database_unavailable, errc::database_unavailable},
    row{"40", errc::database_unavailable, errc::database_unavailable},
    row{"42501", errc::database_unavailable, errc::database_unavailable}, // no right
    row{"42P01", errc::database_unavailable, errc::database_unavailable}, // no table
    row{"53", errc::database_unavailable, errc::database_unavailable},
    row{"54", errc::data_corrupted, errc::invalid_request}, // a value beyond a limit
    row{"55P03", errc::database_unavailable, errc::database_unavailable},
    row{"55", errc::database_unavailable, errc::database_unavailable},
    row{"57", errc::database_unavailable, errc::database_unavailable},
    row{"58", errc::database_unavailable, errc::database_unavailable},
    row{"XX", errc::data_corrupted, errc::data_corrupted},
};

} // namespace

errc errc_of(const sql_failure& what, bool is_write) {
  if (what.sqlstate.empty())
    return errc::database_unavailable;
  const row* best = nullptr;
  for (const auto& x : table)
    if (what.sqlstate.starts_with(x.prefix)
        && (!best || x.prefix.size() > best->prefix.size()))
      best = &x;
  if (!best)
    return errc::internal_error;
  return is_write ? best->on_write : best->on_read;
}

} // namespace lakegate::postgres
