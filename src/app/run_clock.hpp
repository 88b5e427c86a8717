#pragma once

#include <cstdint>
#include <string>

#include "coterie/date.hpp"

namespace coterie {

/// The time that a run tells everything it stamps: the arrival of the latest answer, the run's beginning
/// before the first. A run that is replayed tells the same times.
class RunClock {
 public:
  explicit RunClock(std::int64_t began) : m_seconds(began) {}

  /// Something arrived at that time, in seconds since 1970.
  void set(std::int64_t seconds) { m_seconds = seconds; }
  [[nodiscard]] std::string now() const { return utc_timestamp(m_seconds); }

 private:
  std::int64_t m_seconds;
};

}  // namespace coterie
