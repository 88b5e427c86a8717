#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "src/util/descriptor.hpp"
#include "src/util/temporary.hpp"

namespace coterie {
namespace {

/// Everything below the folder, and the folder: what is renamed afterwards must not be found empty.
void sync_tree(const std::filesystem::path& folder) {
  try {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_symlink()) continue;
      const Descriptor descriptor(open_file(entry.path(), O_RDONLY | O_NOFOLLOW));
      if (descriptor.number() < 0) throw_system_error(ErrorKind::io, "cannot open", entry.path());
      sync(descriptor.number(), entry.path());
    }
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorKind::io, fmt::format("cannot read '{}': {}", folder.string(), error.code().message()));
  }
  sync_folder(folder);
}

/// rename(2) that never replaces what has the name already.
int rename_to_free_name(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  // The file system cannot do it in one step.
  struct stat status {};
  if (::lstat(to.c_str(), &status) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::rename(from.c_str(), to.c_str());
}

}  // namespace

void make_folders(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return;
  const std::filesystem::path above = folder_of(folder);
  make_folders(above);
  if (::mkdir(folder.c_str(), 0777) != 0) {
    const int number = errno;
    // Another run, or a path that ends in a slash.
    if (number == EEXIST && std::filesystem::is_directory(folder, ignored)) return;
    errno = number;
    throw_system_error(ErrorKind::cannot_create, "cannot create", folder);
  }
  sync_folder(above);
}

AtomicFolder::AtomicFolder(std::filesystem::path path) : m_path(std::move(path)) {
  // "reports/" and "reports" are one folder, and what stands beside it is the same.
  if (!m_path.has_filename()) m_path = m_path.parent_path();
  const TemporaryPlace place(folder_of(m_path));
  int result = 0;
  do {
    m_temporary = place.name();
    result = ::mkdir(m_temporary.c_str(), 0777);
  } while (result != 0 && errno == EEXIST);
  if (result != 0) throw_system_error(ErrorKind::cannot_create, "cannot create", m_path);
  m_descriptor = open_file(m_temporary, O_RDONLY | O_DIRECTORY);
  TemporaryPlace::hold(m_descriptor);
}

AtomicFolder::~AtomicFolder() {
  try {
    std::error_code ignored;
    if (!m_published) std::filesystem::remove_all(m_temporary, ignored);
  } catch (const std::bad_alloc&) {
    // Tidying up takes memory; where there is none the next run does it.
  }
  if (m_descriptor >= 0) ::close(m_descriptor);
}

void AtomicFolder::publish() {
  if (m_published) throw Error(ErrorKind::bug, "AtomicFolder: published twice");
  sync_tree(m_temporary);
  if (rename_to_free_name(m_temporary, m_path) != 0) {
    const bool taken = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
    throw_system_error(taken ? ErrorKind::cannot_create : ErrorKind::io, "cannot put in place", m_path);
  }
  // Until its name lasts it is not published, and goes when that fails.
  m_temporary = m_path;
  sync_folder(folder_of(m_path));
  m_published = true;
}

void replace_link(const std::filesystem::path& link, const std::filesystem::path& target) {
  struct stat status {};
  if (::lstat(link.c_str(), &status) == 0 && !S_ISLNK(status.st_mode)) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("'{}' exists and is not a symbolic link", link.string()));
  }
  const TemporaryPlace place(folder_of(link));
  std::filesystem::path temporary;
  int result = 0;
  do {
    temporary = place.name();
    result = ::symlink(target.c_str(), temporary.c_str());
  } while (result != 0 && errno == EEXIST);
  if (result != 0) throw_system_error(ErrorKind::cannot_create, "cannot create the link", link);
  if (::rename(temporary.c_str(), link.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    errno = number;
    throw_system_error(ErrorKind::cannot_create, "cannot replace the link", link);
  }
  sync_folder(folder_of(link));
}

}  // namespace coterie
