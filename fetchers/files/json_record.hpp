#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <bitset>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/error.hpp"

namespace coterie::json {

// Strict reading of JSON values: a value of another type than expected is an Error{data} that shows the value
// and says what would be right. Messages begin with what is said of the value, so that `"year" ` can be put
// before them.

using Value = simdjson::dom::element;

/// `is "twenty", a whole number expected`.
[[nodiscard]] Error unexpected(const Value& value, std::string_view expected);

[[nodiscard]] std::string text(const Value& value);
[[nodiscard]] bool flag(const Value& value);
[[nodiscard]] std::int64_t whole_number(const Value& value, std::int64_t least, std::int64_t most);
[[nodiscard]] std::vector<std::string> texts(const Value& value);
[[nodiscard]] simdjson::dom::array list(const Value& value);
[[nodiscard]] simdjson::dom::object object(const Value& value);

/// Whether a key must be there; null stands for "not told".
enum class Presence { optional, required, required_or_null };

/// One key of an object and what its value does to the record under construction.
template <typename Record>
struct Field {
  std::string_view key;
  Presence presence = Presence::optional;
  void (*read)(const Value& value, Record& record);
};

/// The error of a key that no field has; names the nearest known one.
[[nodiscard]] Error unknown_key(std::string_view key, const std::vector<std::string>& known);

/// Reads an object by its fields. An absent key and null leave the record as it is.
/// \throws Error{data} for an unknown or repeated key, a required one that is absent, and a value that does
/// not fit
template <typename Record>
void read_object(const Value& value, std::span<const Field<Record>> fields, Record& record) {
  constexpr std::size_t k_most_fields = 64;
  std::bitset<k_most_fields> seen;
  std::bitset<k_most_fields> told;
  for (const auto& [key, member] : object(value)) {
    std::size_t index = 0;
    while (index < fields.size() && fields[index].key != key) ++index;
    if (index == fields.size()) {
      std::vector<std::string> known;
      for (const Field<Record>& field : fields) known.emplace_back(field.key);
      throw unknown_key(key, known);
    }
    if (seen[index]) throw Error(ErrorKind::data, fmt::format("\"{}\" is given twice, once expected", key));
    seen.set(index);
    told.set(index, !member.is_null() || fields[index].presence == Presence::required_or_null);
    if (member.is_null()) continue;
    try {
      fields[index].read(member, record);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("\"{}\" {}", key, error.what()));
    }
  }
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].presence != Presence::optional && !told[index]) {
      throw Error(ErrorKind::data, fmt::format("\"{}\" is missing", fields[index].key));
    }
  }
}

/// Reads a list of objects into records.
template <typename Record>
void read_list(const Value& value, std::span<const Field<Record>> fields, std::vector<Record>& records) {
  for (const Value item : list(value)) {
    Record& record = records.emplace_back();
    try {
      read_object(item, fields, record);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{}: {}", records.size(), error.what()));
    }
  }
}

}  // namespace coterie::json
