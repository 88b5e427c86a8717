#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace coterie {

/// Reads one table of a TOML file key by key. Every refusal names file, line, the offending value and what
/// would be right; finish() refuses the keys that nobody asked for.
class TomlReader {
 public:
  /// \param table nullptr if the file has no such table: every key is then absent
  /// \param name as it stands in the file: `sources.openalex`
  TomlReader(std::string file, const toml::table* table, std::string name);

  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
  /// A TOML date.
  [[nodiscard]] std::optional<toml::date> date(std::string_view key);
  /// A table below this one; its keys are read through a reader of its own.
  [[nodiscard]] TomlReader table(std::string_view key);

  [[nodiscard]] bool exists() const { return m_table != nullptr; }
  /// Keys as they stand in the file, whether asked for or not.
  [[nodiscard]] std::vector<std::string> keys() const;

  /// \throws Error{configuration} for the first key that was not asked for, naming the nearest that could be
  void finish() const;

  /// Throws Error{configuration} about the key's value.
  [[noreturn]] void refuse(std::string_view key, const std::string& message) const;

 private:
  const toml::node* find(std::string_view key);
  [[noreturn]] void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) const;

  std::string m_file;
  const toml::table* m_table;
  std::string m_name;
  std::vector<std::string> m_known;
};

}  // namespace coterie
