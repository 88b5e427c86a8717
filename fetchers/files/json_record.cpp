#include "fetchers/files/json_record.hpp"

#include <optional>
#include <utility>

#include "coterie/util/text.hpp"

namespace coterie::json {

namespace {

constexpr std::size_t k_longest_shown = 60;

/// The value as a message shows it.
std::string shown(const Value& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "a list";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING: {
      std::string_view whole = value.get_string().value_unsafe();
      std::size_t size = std::min(whole.size(), k_longest_shown);
      // Not between the bytes of a character.
      while (size < whole.size() && size > 0 && (static_cast<unsigned char>(whole[size]) & 0xc0) == 0x80)
        --size;
      return fmt::format("\"{}\"{}", text::printable(whole.substr(0, size)),
                         size < whole.size() ? "..." : "");
    }
    default:
      return simdjson::minify(value);
  }
}

}  // namespace

Error unexpected(const Value& value, std::string_view expected) {
  return {ErrorKind::data, fmt::format("is {}, {} expected", shown(value), expected)};
}

std::string text(const Value& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) throw unexpected(value, "a text");
  return std::string(text);
}

bool flag(const Value& value) {
  bool flag = false;
  if (value.get(flag) != simdjson::SUCCESS) throw unexpected(value, "true or false");
  return flag;
}

std::int64_t whole_number(const Value& value, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) throw unexpected(value, "a whole number");
  if (number < least || number > most) {
    throw unexpected(value, fmt::format("a whole number from {} to {}", least, most));
  }
  return number;
}

std::vector<std::string> texts(const Value& value) {
  std::vector<std::string> texts;
  for (const Value item : list(value)) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) {
      throw Error(ErrorKind::data, fmt::format("{} {}", texts.size() + 1, unexpected(item, "a text").what()));
    }
    texts.emplace_back(text);
  }
  return texts;
}

simdjson::dom::array list(const Value& value) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) throw unexpected(value, "a list");
  return array;
}

simdjson::dom::object object(const Value& value) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) throw unexpected(value, "an object");
  return object;
}

Error unknown_key(std::string_view key, const std::vector<std::string>& known) {
  const std::string shown_key = text::printable(key.substr(0, k_longest_shown));
  const std::optional<std::string> near = text::nearest(key, known);
  return {ErrorKind::data,
          near ? fmt::format("unknown key \"{}\", \"{}\" expected", shown_key, *near)
               : fmt::format("unknown key \"{}\" (known: {})", shown_key, text::join(known, ", "))};
}

}  // namespace coterie::json
