#pragma once

#include <array>
#include <optional>

namespace lakegate::sandbox {

/// Sums over trips (x = distance, h = hour, y = fare): all that least squares needs.
struct trip_sums {
  double count = 0;
  double x = 0, h = 0, y = 0;
  double xx = 0, hh = 0, xh = 0;
  double xy = 0, hy = 0;
};

/// fare = base + per_mile * distance + per_hour * hour, by ordinary least squares.
struct fare_model {
  double base = 0;
  double per_mile = 0;
  double per_hour = 0;

  double fare(double distance, double hour) const {
    return base + per_mile * distance + per_hour * hour;
  }
};

/// Nothing if the trips do not determine the three coefficients.
std::optional<fare_model> fit_fares(const trip_sums& sums);

} // namespace lakegate::sandbox
