#include "src/dataset/digest.hpp"

#include <charconv>
#include <string>

#include "coterie/util/text.hpp"

namespace coterie::dataset {

std::int64_t digest_of(std::string_view content) {
  const std::string hex = text::sha256(content);
  std::uint64_t value = 0;
  std::from_chars(hex.data(), hex.data() + 16, value, 16);
  return value == 0 ? 1 : static_cast<std::int64_t>(value);
}

}  // namespace coterie::dataset
