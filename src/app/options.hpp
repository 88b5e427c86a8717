#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coterie {

/// What the command line says, whichever command was given. CLI11 binds straight to these fields; the
/// defaults stand here.
struct Options {
  bool quiet = false;
  bool verbose = false;
  std::filesystem::path log_file;
  int threads = 0;  ///< 0: all cores
  std::uint64_t seed = 1;
  std::string progress = "auto";  ///< auto, always or never
  std::string max_time;           ///< 90, 90s, 15m, 2h; empty: no limit
  /// When the run began: max_time counts from here.
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  std::filesystem::path study;               ///< folder or study.toml
  bool json = false;                         ///< check, status, explain
  bool fresh = false;                        ///< fetch, run
  bool replay = false;                       ///< fetch
  bool csv_raw = false;                      ///< analyze, run, refresh
  int jitter = 0;                            ///< refresh, seconds
  std::vector<std::filesystem::path> files;  ///< import
  std::string first;                         ///< explain
  std::string second;
  std::string format;  ///< export
  std::filesystem::path output;

  /// Moment by which the run must be over. \throws Error{usage} if max_time is no duration
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const;
  /// \throws Error{temporary}, saying what was not done, if that moment is over
  void check_time_left(std::string_view not_done) const;
  /// Threads to compute with, at least 1.
  [[nodiscard]] int thread_count() const;
};

}  // namespace coterie
