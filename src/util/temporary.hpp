#pragma once

#include <filesystem>

#include "src/util/descriptor.hpp"

namespace coterie {

/// A folder in which something is made under a temporary name.
///
/// A process that is killed leaves what it made behind. So whoever makes something keeps it locked (hold())
/// for as long as it lives, and whoever comes next removes what nobody has locked. While this object lives,
/// nobody removes anything here: what is made in the meantime can be locked in peace, or renamed.
class TemporaryPlace {
 public:
  /// Removes what killed processes left, unless another process is making something at this moment.
  explicit TemporaryPlace(const std::filesystem::path& folder);

  /// A hidden name that nobody can guess. Whoever creates it must do so exclusively and ask again if it
  /// exists.
  [[nodiscard]] std::filesystem::path name() const;

  /// Locks what was made until its descriptor is closed. File systems without locks keep what is left behind.
  static void hold(int descriptor);

 private:
  std::filesystem::path m_folder;
  Descriptor m_lock;
};

}  // namespace coterie
