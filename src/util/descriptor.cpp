#include "src/util/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace coterie {

Descriptor::~Descriptor() {
  if (m_number >= 0) ::close(m_number);
}

int open_file(const std::filesystem::path& path, int flags, unsigned int mode) {
  while (true) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (descriptor >= 0 || errno != EINTR) return descriptor;
  }
}

void sync(int descriptor, const std::filesystem::path& path) {
  if (::fsync(descriptor) != 0) throw_system_error(ErrorKind::io, "cannot store", path);
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(open_file(folder, O_RDONLY | O_DIRECTORY));
  if (descriptor.number() < 0) throw_system_error(ErrorKind::io, "cannot open the folder", folder);
  sync(descriptor.number(), folder);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

void throw_system_error(ErrorKind kind, std::string_view attempt, const std::filesystem::path& path) {
  const int number = errno;
  throw Error(kind,
              fmt::format("{} '{}': {}", attempt, path.string(), std::generic_category().message(number)));
}

}  // namespace coterie
