#include "fetchers/openalex_fields.hpp"

#include <algorithm>
#include <utility>

#include "coterie/ids.hpp"

namespace coterie::openalex {
namespace {

using simdjson::dom::element;

constexpr Field<Institution> k_institution[] = {
    {"id", [](Institution& to, const element& value) { to.id = id_of(value, 'I'); }},
    {"display_name", [](Institution& to, const element& value) { assign_text(to.name, value); }},
    {"ror",
     [](Institution& to, const element& value) { to.ror = ror(text_of(value)).value_or(std::string{}); }},
    {"country_code", [](Institution& to, const element& value) { assign_text(to.country, value); }},
    {"type", [](Institution& to, const element& value) { assign_text(to.type, value); }},
    {"lineage",
     [](Institution& to, const element& value) {
       to.lineage.clear();
       append_ids(to.lineage, value, 'I');
     }},
};

}  // namespace

std::string id_of(const element& value, char letter) {
  const std::string_view text = text_of(value);
  // Nearly every id is written this way, and a work holds dozens of them: the general function is for the
  // others.
  constexpr std::string_view k_prefix = "https://openalex.org/";
  if (text.size() > k_prefix.size() + 1 && text.size() < k_prefix.size() + 20 && text.starts_with(k_prefix)) {
    const std::string_view id = text.substr(k_prefix.size());
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (id.front() == letter && std::all_of(id.begin() + 1, id.end(), is_digit)) return std::string(id);
  }
  if (text.empty()) return {};
  return openalex_id(text, letter).value_or(std::string{});
}

void append_ids(std::vector<std::string>& ids, const element& list, char letter) {
  simdjson::dom::array entries;
  if (list.get(entries) != simdjson::SUCCESS) return;
  ids.reserve(ids.size() + entries.size());
  for (const element entry : entries) {
    if (std::string id = id_of(entry, letter); !id.empty()) ids.push_back(std::move(id));
  }
}

Institution institution_of(const element& value) {
  Institution institution;
  read_fields(value, k_institution, institution);
  return institution;
}

void append_institutions(std::vector<Institution>& institutions, const element& list) {
  for_each(list, [&](const element& entry) {
    Institution institution = institution_of(entry);
    // Data of 2023 puts affiliations it could not place here, with the printed text as their name and no id.
    if (!institution.id.empty() || !institution.ror.empty()) institutions.push_back(std::move(institution));
  });
}

Rejected rejected(std::string_view printed_id, std::string reason) {
  constexpr std::size_t k_longest = 80;
  return Rejected{std::string(printed_id.substr(0, k_longest)), 0, std::move(reason)};
}

}  // namespace coterie::openalex
