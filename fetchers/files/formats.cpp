#include <array>

#include "fetchers/files/line_format.hpp"

namespace coterie {

std::span<const LineFormatEntry> line_formats() {
  static const std::array k_formats{coterie_jsonl(), openalex_jsonl()};
  return k_formats;
}

std::span<const WorksFormat> works_formats() {
  static const std::vector<WorksFormat> k_formats = [] {
    std::vector<WorksFormat> formats;
    for (const LineFormatEntry& entry : line_formats()) formats.push_back(entry.format);
    return formats;
  }();
  return k_formats;
}

}  // namespace coterie
