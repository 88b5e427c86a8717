#pragma once

#include <vector>

#include "src/identity/string_pool.hpp"

namespace coterie {

/// Counts under which name each of a number of things was told.
class NameTally {
 public:
  void add(std::uint32_t thing, Text name) {
    if (name != k_no_text) m_told.push_back({thing, name});
  }

  /// The most frequent name of each of `count` things, the smallest of equally frequent ones; k_no_text where
  /// none was told. \complexity O(told log told)
  [[nodiscard]] std::vector<Text> most_frequent(std::size_t count, const StringPool& texts) const;

 private:
  struct Told {
    std::uint32_t thing;
    Text name;
    auto operator<=>(const Told&) const = default;
  };
  std::vector<Told> m_told;
};

}  // namespace coterie
