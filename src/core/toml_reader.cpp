#include "src/core/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with decimals";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

/// The value as written, shortened, for messages.
std::string shown(const toml::node& node) {
  std::string text;
  if (const auto* string = node.as_string()) {
    text = string->get();
  } else if (const auto* integer = node.as_integer()) {
    text = std::to_string(integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    text = fmt::format("{}", real->get());
  } else if (const auto* boolean = node.as_boolean()) {
    text = boolean->get() ? "true" : "false";
  } else {
    text = type_name(node);
  }
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

}  // namespace

TomlReader::TomlReader(std::string file, const toml::table* table, std::string name)
    : m_file(std::move(file)), m_table(table), m_name(std::move(name)) {}

const toml::node* TomlReader::find(std::string_view key) {
  m_known.emplace_back(key);
  return m_table == nullptr ? nullptr : m_table->get(key);
}

void TomlReader::refuse(std::string_view key, const std::string& message) const {
  const toml::node* node = m_table == nullptr ? nullptr : m_table->get(key);
  const auto line = node != nullptr      ? node->source().begin.line
                    : m_table != nullptr ? m_table->source().begin.line
                                         : 0;
  const std::string full = m_name.empty() ? std::string(key) : fmt::format("{}.{}", m_name, key);
  throw Error(
      ErrorKind::configuration,
      line == 0 ? fmt::format("{}: {}: {}", m_file, full, message)
                : fmt::format("{}, line {}: {}: {}", m_file, static_cast<std::size_t>(line), full, message));
}

void TomlReader::wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) const {
  refuse(key, fmt::format("'{}' is {}, {} is expected", shown(node), type_name(node), wanted));
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_string();
  if (value == nullptr) wrong_type(key, *node, "a text in quotes");
  return value->get();
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr) wrong_type(key, *node, "a whole number");
  return value->get();
}

std::optional<std::vector<std::string>> TomlReader::texts(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* array = node->as_array();
  if (array == nullptr) wrong_type(key, *node, "a list of texts, [\"...\", \"...\"],");
  std::vector<std::string> values;
  for (const toml::node& item : *array) {
    const auto* value = item.as_string();
    if (value == nullptr) {
      refuse(key, fmt::format("'{}' in the list is {}, a text in quotes is expected", shown(item),
                              type_name(item)));
    }
    if (std::find(values.begin(), values.end(), value->get()) != values.end()) {
      refuse(key, fmt::format("'{}' stands twice in the list", value->get()));
    }
    values.push_back(value->get());
  }
  return values;
}

std::optional<toml::date> TomlReader::date(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_date();
  if (value == nullptr) wrong_type(key, *node, "a date without quotes, 2025-01-22,");
  return value->get();
}

TomlReader TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  const std::string name = m_name.empty() ? std::string(key) : fmt::format("{}.{}", m_name, key);
  if (node == nullptr) return {m_file, nullptr, name};
  const auto* value = node->as_table();
  if (value == nullptr) wrong_type(key, *node, fmt::format("a table [{}]", name));
  return {m_file, value, name};
}

std::vector<std::string> TomlReader::keys() const {
  std::vector<std::string> keys;
  if (m_table != nullptr) {
    for (const auto& [key, value] : *m_table) keys.emplace_back(key.str());
  }
  return keys;
}

void TomlReader::finish() const {
  for (const std::string& key : keys()) {
    if (std::find(m_known.begin(), m_known.end(), key) != m_known.end()) continue;
    const auto near = text::nearest(key, m_known);
    refuse(key, fmt::format("unknown key '{}'{} (known{}: {})", key,
                            near ? fmt::format(", did you mean '{}'?", *near) : "",
                            m_name.empty() ? "" : " in [" + m_name + "]", text::join(m_known, ", ")));
  }
}

}  // namespace coterie
