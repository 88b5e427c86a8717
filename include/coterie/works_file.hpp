#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/work.hpp"

namespace coterie {

/// A format of files that hold works, recognised by content.
struct WorksFormat {
  std::string_view name;   ///< coterie-jsonl
  std::string_view title;  ///< coterie's own JSON Lines
};

/// Every format `coterie import` reads.
[[nodiscard]] std::span<const WorksFormat> works_formats();

/// What came of reading a file of works.
struct WorksFileResult {
  std::string format;
  std::uint64_t works = 0;
  std::uint64_t rejected_count = 0;
  std::vector<Rejected> rejected;  ///< the first 100, with line and reason
  std::uint64_t bytes = 0;         ///< after decompression
  std::string sha256;              ///< of the file as it lies there
};

/// Reads a file of works, plain or gzip (told apart by content), and hands the works on in file order, some
/// hundreds at a time; reading goes on in a second thread while they are taken in.
///
/// A line that is no work is rejected with its reason, and reading goes on. A gzip stream must end properly;
/// several members in one file are read as one.
///
/// \param take called in the caller's thread; what it throws ends the reading
/// \throws Error{no_input} if the file is missing, Error{io} if it cannot be read, Error{data} if its format
/// is unknown
///         or its compression damaged (works before the damage have been handed on)
/// \complexity O(bytes) time; memory of a few blocks, whatever the file's size
WorksFileResult read_works_file(const std::filesystem::path& path,
                                const std::function<void(std::span<const Work>)>& take);

}  // namespace coterie
