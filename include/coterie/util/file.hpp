#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace coterie {

/// The whole file. \throws Error{no_input} if it is missing, Error{io} if it cannot be read, Error{data} if
/// it is longer than `limit` bytes
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::size_t limit = SIZE_MAX);

/// A file that appears under its name whole or not at all: written beside it, synced and renamed on commit().
/// Not committing (an exception on the way) removes what was written and leaves an older file as it was; what
/// a killed process left is removed by the next one that writes there.
class AtomicFile {
 public:
  /// \throws Error{cannot_create} if the folder takes no new file
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// \throws Error{io}, a full disk included
  void write(std::string_view bytes);
  /// fsync, close, rename, fsync of the folder. \throws Error{io}
  void commit();

 private:
  std::filesystem::path m_path;
  std::filesystem::path m_temporary;
  std::string m_buffer;
  int m_descriptor = -1;
  void flush();
};

/// Makes a folder and those above it where they are missing, and makes their names last: what is published in
/// a folder is only as safe as the folder's own name. \throws Error{cannot_create}, Error{io}
void make_folders(const std::filesystem::path& folder);

/// A folder that appears under its name whole or not at all: filled under a temporary name beside it, every
/// file and the folder synced, then renamed by publish().
class AtomicFolder {
 public:
  /// \throws Error{cannot_create}
  explicit AtomicFolder(std::filesystem::path path);
  /// Removes the folder if it was not published.
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  /// Where to write before publish().
  [[nodiscard]] const std::filesystem::path& path() const { return m_temporary; }
  /// \throws Error{io} or Error{cannot_create} if the name is taken
  void publish();

 private:
  std::filesystem::path m_path;
  std::filesystem::path m_temporary;
  int m_descriptor = -1;
  bool m_published = false;
};

/// Makes the symbolic link `link` point to `target` (relative to the link's folder), replacing an older link
/// in one step. \throws Error{cannot_create} if something other than a link has that name
void replace_link(const std::filesystem::path& link, const std::filesystem::path& target);

/// A lock that the kernel releases when the process ends, however it ends (flock on a file that is made if
/// need be).
class LockFile {
 public:
  /// \throws Error{temporary} if another process holds it, Error{cannot_create} if the file cannot be made
  explicit LockFile(const std::filesystem::path& path);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  int m_descriptor = -1;
};

}  // namespace coterie
