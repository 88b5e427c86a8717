#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "coterie/writer.hpp"

namespace coterie {

/// A file of a report folder as its descriptors name it.
struct ReportFile {
  std::string path;  ///< below the folder, with /
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// Writes files into a folder and keeps their sizes and digests.
class ReportFiles {
 public:
  explicit ReportFiles(std::filesystem::path folder) : m_folder(std::move(folder)) {}

  /// Writes one file; its folder is made if need be.
  /// \param path names of letters, digits, `.`, `_` and `-`, joined by /
  /// \throws Error{bug} for another path or one that is written already, Error{cannot_create}, Error{io}
  const ReportFile& write(const std::string& path, const std::function<void(const Sink&)>& content);

  /// What was written, in that order.
  [[nodiscard]] const std::vector<ReportFile>& written() const { return m_written; }

 private:
  std::filesystem::path m_folder;
  std::vector<ReportFile> m_written;
};

}  // namespace coterie
