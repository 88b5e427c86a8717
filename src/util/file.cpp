#include "coterie/util/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "coterie/error.hpp"
#include "src/util/descriptor.hpp"
#include "src/util/temporary.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_buffer_size = 256U << 10U;

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_system_error(ErrorKind::io, "cannot write", path);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// On Linux the descriptor is gone whatever close() says, so it is never called twice.
void close_checked(int& descriptor, const std::filesystem::path& path) {
  const int number = std::exchange(descriptor, -1);
  if (::close(number) != 0 && errno != EINTR) throw_system_error(ErrorKind::io, "cannot close", path);
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(open_file(path, O_RDONLY));
  if (file.number() < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    throw_system_error(missing ? ErrorKind::no_input : ErrorKind::io, "cannot open", path);
  }
  std::string content;
  struct stat status {};
  if (::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode)) {
    content.reserve(std::min(static_cast<std::size_t>(status.st_size), limit));
  }
  std::array<char, 64U << 10U> buffer;
  while (true) {
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      throw_system_error(ErrorKind::io, "cannot read", path);
    }
    if (count == 0) return content;
    if (static_cast<std::size_t>(count) > limit - content.size()) {
      throw Error(ErrorKind::data,
                  fmt::format("'{}' is longer than the {} bytes that are read", path.string(), limit));
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

AtomicFile::AtomicFile(std::filesystem::path path) : m_path(std::move(path)) {
  // A rename would put a file in the place of a device, a pipe or a folder.
  std::error_code ignored;
  const auto status = std::filesystem::status(m_path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw Error(ErrorKind::cannot_create, fmt::format("'{}' exists and is not a file", m_path.string()));
  }
  const TemporaryPlace place(folder_of(m_path));
  do {
    m_temporary = place.name();
    m_descriptor = open_file(m_temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
  } while (m_descriptor < 0 && errno == EEXIST);
  if (m_descriptor < 0) throw_system_error(ErrorKind::cannot_create, "cannot create", m_path);
  TemporaryPlace::hold(m_descriptor);
}

AtomicFile::~AtomicFile() {
  if (m_descriptor >= 0) ::close(m_descriptor);
  if (!m_temporary.empty()) ::unlink(m_temporary.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  if (m_descriptor < 0) throw Error(ErrorKind::bug, "AtomicFile: written to after commit()");
  m_buffer += bytes;
  if (m_buffer.size() >= k_buffer_size) flush();
}

void AtomicFile::flush() {
  write_all(m_descriptor, m_buffer, m_path);
  m_buffer.clear();
}

void AtomicFile::commit() {
  if (m_descriptor < 0) throw Error(ErrorKind::bug, "AtomicFile: committed twice");
  flush();
  sync(m_descriptor, m_path);
  close_checked(m_descriptor, m_path);
  if (::rename(m_temporary.c_str(), m_path.c_str()) != 0) {
    throw_system_error(ErrorKind::io, "cannot put in place", m_path);
  }
  m_temporary.clear();
  sync_folder(folder_of(m_path));
}

LockFile::LockFile(const std::filesystem::path& path) {
  m_descriptor = open_file(path, O_RDWR | O_CREAT, 0666);
  if (m_descriptor < 0) throw_system_error(ErrorKind::cannot_create, "cannot make the lock file", path);
  while (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    const bool held = errno == EWOULDBLOCK;
    // The destructor does not run for an object whose constructor throws.
    const Descriptor closed(std::exchange(m_descriptor, -1));
    if (held) {
      throw Error(ErrorKind::temporary,
                  fmt::format("another process holds '{}': wait until it has finished", path.string()));
    }
    throw_system_error(ErrorKind::cannot_create, "cannot lock", path);
  }
}

LockFile::~LockFile() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

}  // namespace coterie
