#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace coterie {

/// A value of a logfmt line: in quotes when it holds anything but plain characters; control characters are
/// escaped.
[[nodiscard]] std::string logfmt_value(std::string_view value);

/// A log to which several runs may write at once: opened for appending, every line one write.
class LogFile {
 public:
  /// \throws Error{cannot_create} if the file cannot be opened
  explicit LogFile(const std::filesystem::path& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// Appends `ts=<now, UTC> level=<level> run=<run> <rest>`. \return whether it arrived whole
  [[nodiscard]] bool write(std::string_view level, std::string_view rest);

  /// Name of this run on each of its lines: 8 hexadecimal digits by chance.
  [[nodiscard]] const std::string& run() const { return m_run; }

 private:
  int m_descriptor;
  std::string m_run;
};

}  // namespace coterie
