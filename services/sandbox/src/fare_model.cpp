#include "services/sandbox/src/fare_model.hpp"

#include <cmath>
#include <utility>

namespace lakegate::sandbox {

namespace {

using row = std::array<double, 4>;

/// Gaussian elimination with partial pivoting; false for a singular system.
bool solve(std::array<row, 3>& m) {
  constexpr double nothing = 1e-9;
  for (std::size_t column = 0; column < 3; ++column) {
    auto pivot = column;
    for (auto r = column + 1; r < 3; ++r)
      if (std::abs(m[r][column]) > std::abs(m[pivot][column]))
        pivot = r;
    std::swap(m[column], m[pivot]);
    if (std::abs(m[column][column]) < nothing)
      return false;
    for (std::size_t r = 0; r < 3; ++r) {
      if (r == column)
        continue;
      const auto factor = m[r][column] / m[column][column];
      for (auto k = column; k < 4; ++k)
        m[r][k] -= factor * m[column][k];
    }
  }
  return true;
}

} // namespace

std::optional<fare_model> fit_fares(const trip_sums& s) {
  std::array<row, 3> normal{{
      {s.count, s.x, s.h, s.y},
      {s.x, s.xx, s.xh, s.xy},
      {s.h, s.xh, s.hh, s.hy},
  }};
  if (!solve(normal))
    return std::nullopt;
  return fare_model{normal[0][3] / normal[0][0], normal[1][3] / normal[1][1],
                    normal[2][3] / normal[2][2]};
}

} // namespace lakegate::sandbox
