#include "src/dataset/packed_list.hpp"

namespace coterie::dataset {

std::string packed(const std::vector<std::string>& list) {
  std::size_t size = list.size();
  for (const std::string& item : list) size += item.size();
  std::string text;
  text.reserve(size);
  for (const std::string& item : list) {
    if (item.find_first_of("\n\\") == std::string::npos) {
      text += item;
    } else {
      for (const char c : item) {
        if (c == '\\') {
          text += "\\\\";
        } else if (c == '\n') {
          text += "\\n";
        } else {
          text += c;
        }
      }
    }
    text += '\n';
  }
  return text;
}

std::vector<std::string> unpacked(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    std::string& item = list.emplace_back();
    if (line.find('\\') == std::string_view::npos) {
      item = line;
    } else {
      for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size()) {
          ++i;
          item += line[i] == 'n' ? '\n' : line[i];
        } else {
          item += line[i];
        }
      }
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return list;
}

}  // namespace coterie::dataset
