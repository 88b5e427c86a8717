#pragma once

#include <string>

#include "coterie/identity.hpp"
#include "coterie/util/sha256.hpp"
#include "coterie/work.hpp"

namespace coterie::dataset {

/// Every field that the source told of a work, with lengths before texts and lists, so that no two different
/// works give the same bytes.
[[nodiscard]] std::string content_of(const Work& work);

/// SHA-256 over a sequence of works and identities: over every field of each, with lengths before texts and
/// lists, so that no two different sequences give the same bytes. \complexity O(size) time, memory of one
/// work
class Fingerprint {
 public:
  void add(const Work& work);
  void add(const Identity& identity);
  /// The fingerprint; nothing can be added after it.
  [[nodiscard]] std::string hex() { return m_hash.hex(); }

 private:
  Sha256 m_hash;
  std::string m_content;
};

}  // namespace coterie::dataset
