#include <utility>

#include "coterie/ids.hpp"
#include "fetchers/openalex_fields.hpp"
#include "fetchers/openalex_record.hpp"

namespace coterie {
namespace {

using namespace openalex;
using simdjson::dom::element;

struct Draft {
  AuthorRecord author;
  std::string_view printed_id;
};

constexpr Field<AuthorRecord::Affiliation> k_affiliation[] = {
    {"institution",
     [](AuthorRecord::Affiliation& to, const element& value) { to.institution = institution_of(value); }},
    {"years",
     [](AuthorRecord::Affiliation& to, const element& value) {
       for_each(value, [&](const element& entry) {
         if (const auto year = year_of(entry)) to.years.push_back(*year);
       });
     }},
};

void read_names(Draft& draft, const element& value) {
  for_each(value, [&](const element& entry) {
    if (const std::string_view name = text_of(entry); !name.empty()) {
      draft.author.alternative_names.emplace_back(name);
    }
  });
}

void read_affiliations(Draft& draft, const element& value) {
  for_each(value, [&](const element& entry) {
    AuthorRecord::Affiliation affiliation;
    read_fields(entry, k_affiliation, affiliation);
    draft.author.affiliations.push_back(std::move(affiliation));
  });
}

constexpr Field<Draft> k_author[] = {
    {"id",
     [](Draft& to, const element& value) {
       to.printed_id = text_of(value);
       to.author.id = id_of(value, 'A');
     }},
    {"orcid", [](Draft& to,
                 const element& value) { to.author.orcid = orcid(text_of(value)).value_or(std::string{}); }},
    {"display_name", [](Draft& to, const element& value) { assign_text(to.author.name, value); }},
    {"display_name_alternatives", read_names},
    {"works_count",
     [](Draft& to, const element& value) { to.author.works_count = number_of(value).value_or(0); }},
    {"cited_by_count",
     [](Draft& to, const element& value) { to.author.cited_by = number_of(value).value_or(0); }},
    {"affiliations", read_affiliations},
    {"last_known_institutions",
     [](Draft& to, const element& value) { append_institutions(to.author.last_known_institutions, value); }},
};

}  // namespace

std::variant<AuthorRecord, Rejected> openalex_author(const element& record) {
  if (!record.is_object()) return rejected({}, "the record is no JSON object");
  Draft draft;
  read_fields(record, k_author, draft);
  if (draft.author.id.empty()) {
    return rejected(draft.printed_id,
                    draft.printed_id.empty() ? "the record has no id" : "the id is no author id");
  }
  draft.author.source = "openalex";
  return std::move(draft.author);
}

}  // namespace coterie
