#pragma once

#include <libpq-fe.h>

#include <memory>

namespace lakegate::postgres {

struct finish {
  void operator()(PGconn* x) const noexcept { PQfinish(x); }
};
using pgconn_ptr = std::unique_ptr<PGconn, finish>;

struct clear {
  void operator()(PGresult* x) const noexcept { PQclear(x); }
};
using pgresult_ptr = std::unique_ptr<PGresult, clear>;

} // namespace lakegate::postgres
