#pragma once

#include <filesystem>
#include <string_view>

#include "coterie/error.hpp"

namespace coterie {

/// A file descriptor that is closed when it leaves scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : m_number(number) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return m_number; }

 private:
  int m_number;
};

/// open(2) with O_CLOEXEC, asked again when a signal interrupts it. \return -1 with errno on failure
[[nodiscard]] int open_file(const std::filesystem::path& path, int flags, unsigned int mode = 0);

/// fsync(2), once: after a failure the kernel may have dropped what it could not write, and a second call
/// would report success. \throws Error{io}
void sync(int descriptor, const std::filesystem::path& path);

/// Makes the names in a folder last. \throws Error{io}
void sync_folder(const std::filesystem::path& folder);

/// The folder that holds `path`, "." for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

/// \throws Error{kind} with the path, what was attempted and the system's reason (errno)
[[noreturn]] void throw_system_error(ErrorKind kind, std::string_view attempt,
                                     const std::filesystem::path& path);

}  // namespace coterie
