#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/work.hpp"

namespace coterie::openalex {

/// A key of a JSON object and what is done with its value. Objects are walked once, key by key: a look-up by
/// name would scan the object from its start each time, and a work has some fifty keys.
template <typename Target>
struct Field {
  std::string_view name;
  void (*read)(Target&, const simdjson::dom::element&);
};

/// Hands each value of an object that has a field of that name to the field; what is no object has no values.
template <typename Target, std::size_t N>
void read_fields(const simdjson::dom::element& value, const Field<Target> (&fields)[N], Target& target) {
  simdjson::dom::object members;
  if (value.get(members) != simdjson::SUCCESS) return;
  for (const auto& member : members) {
    const std::string_view key = member.key;
    for (const Field<Target>& field : fields) {
      if (field.name != key) continue;
      field.read(target, member.value);
      break;
    }
  }
}

/// The text, empty if the value is none.
[[nodiscard]] inline std::string_view text_of(const simdjson::dom::element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

inline void assign_text(std::string& target, const simdjson::dom::element& value) { target = text_of(value); }

/// The whole number, nullopt if the value is none or does not fit.
[[nodiscard]] inline std::optional<std::int64_t> number_of(const simdjson::dom::element& value) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

/// Whether the value is `true`.
[[nodiscard]] inline bool flag_of(const simdjson::dom::element& value) {
  bool flag = false;
  return value.get(flag) == simdjson::SUCCESS && flag;
}

/// The year, nullopt if it has not one to four digits.
[[nodiscard]] inline std::optional<int> year_of(const simdjson::dom::element& value) {
  const auto year = number_of(value);
  if (!year || *year < 1 || *year > 9999) return std::nullopt;
  return static_cast<int>(*year);
}

/// Calls `take` with each entry of a list; what is no list has no entries.
template <typename Take>
void for_each(const simdjson::dom::element& list, Take take) {
  simdjson::dom::array entries;
  if (list.get(entries) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element entry : entries) take(entry);
}

/// The short id behind an OpenAlex id or URL of that entity type, empty if the value is none.
[[nodiscard]] std::string id_of(const simdjson::dom::element& value, char letter);

/// Appends the short ids of a list; what is no id of that entity type is left out.
void append_ids(std::vector<std::string>& ids, const simdjson::dom::element& list, char letter);

/// Reads one institution object.
[[nodiscard]] Institution institution_of(const simdjson::dom::element& value);

/// Appends the institutions of a list; those with neither id nor ROR id are no institution
/// that OpenAlex knows and are left out.
void append_institutions(std::vector<Institution>& institutions, const simdjson::dom::element& list);

/// Reads one element of a work's `authorships`.
[[nodiscard]] Authorship authorship_of(const simdjson::dom::element& value);

/// A rejection under an id as it was printed, cut to a length fit for a message.
[[nodiscard]] Rejected rejected(std::string_view printed_id, std::string reason);

}  // namespace coterie::openalex
