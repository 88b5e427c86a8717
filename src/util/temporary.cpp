#include "src/util/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace coterie {
namespace {

constexpr std::string_view k_prefix = ".coterie-";
constexpr std::string_view k_suffix = ".tmp";
constexpr std::size_t k_digits = 16;

bool is_temporary(std::string_view name) {
  if (name.size() != k_prefix.size() + k_digits + k_suffix.size()) return false;
  const std::string_view digits = name.substr(k_prefix.size(), k_digits);
  return name.starts_with(k_prefix) && name.ends_with(k_suffix) &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool lock(int descriptor, int operation) {
  while (::flock(descriptor, operation) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

bool is_left_behind(const std::filesystem::directory_entry& entry) {
  if (!is_temporary(entry.path().filename().string())) return false;
  std::error_code ignored;
  // A link has its temporary name only while its maker keeps the place.
  if (entry.is_symlink(ignored)) return true;
  const Descriptor descriptor(open_file(entry.path(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  return descriptor.number() >= 0 && lock(descriptor.number(), LOCK_EX | LOCK_NB);
}

/// Tidying up: a failure leaves things as they are and is nobody's concern.
void remove_left_behind(const std::filesystem::path& folder) {
  try {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (is_left_behind(entry)) std::filesystem::remove_all(entry.path());
    }
  } catch (const std::filesystem::filesystem_error&) {
    // The next one tries again.
  }
}

}  // namespace

TemporaryPlace::TemporaryPlace(const std::filesystem::path& folder)
    : m_folder(folder), m_lock(open_file(folder, O_RDONLY | O_DIRECTORY)) {
  if (m_lock.number() < 0) return;
  if (lock(m_lock.number(), LOCK_EX | LOCK_NB)) remove_left_behind(folder);
  // Without waiting: whoever runs coterie may have locked the folder for reasons of his own.
  lock(m_lock.number(), LOCK_SH | LOCK_NB);
}

std::filesystem::path TemporaryPlace::name() const {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number))) {
    if (errno != EINTR) {
      throw Error(ErrorKind::system,
                  fmt::format("no random numbers: {}", std::generic_category().message(errno)));
    }
  }
  return m_folder / fmt::format("{}{:016x}{}", k_prefix, number, k_suffix);
}

// Shared, so that a folder that is being made can be a place itself.
void TemporaryPlace::hold(int descriptor) { lock(descriptor, LOCK_SH | LOCK_NB); }

}  // namespace coterie
