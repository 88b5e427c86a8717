#include "src/app/log_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <random>
#include <system_error>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie {

std::string logfmt_value(std::string_view value) {
  const std::string safe = text::printable(value);
  const bool plain = !safe.empty() && safe.find_first_of(" =\"\\") == std::string::npos;
  if (plain) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

LogFile::LogFile(const std::filesystem::path& path)
    : m_descriptor(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666)),
      m_run(fmt::format("{:08x}", std::random_device()())) {
  if (m_descriptor < 0) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("--log-file: '{}' cannot be opened: {}", path.string(),
                            std::error_code(errno, std::generic_category()).message()));
  }
}

LogFile::~LogFile() { close(m_descriptor); }

bool LogFile::write(std::string_view level, std::string_view rest) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  // One write, so that the lines of several runs do not run into each other.
  const std::string line =
      fmt::format("ts={} level={} run={} {}\n", utc_timestamp(now.count()), level, m_run, rest);
  ssize_t written = -1;
  do {
    written = ::write(m_descriptor, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(line.size());
}

}  // namespace coterie
