#include <utility>

#include "coterie/ids.hpp"
#include "fetchers/openalex_fields.hpp"
#include "fetchers/openalex_record.hpp"

namespace coterie {

bool openalex_nobody(std::string_view author_id) {
  return author_id == "A9999999999" || author_id == "A5317838346";
}

}  // namespace coterie

namespace coterie::openalex {
namespace {

using simdjson::dom::element;

struct Draft {
  Authorship authorship;
  std::string_view raw_orcid;
  std::string_view single_affiliation;
  element plain_affiliations;  // used if there are no others, which may still come
  bool has_plain_affiliations = false;
};

constexpr Field<Authorship> k_author[] = {
    {"id", [](Authorship& to, const element& value) { to.author_id = id_of(value, 'A'); }},
    {"display_name", [](Authorship& to, const element& value) { assign_text(to.name, value); }},
    {"orcid",
     [](Authorship& to, const element& value) { to.orcid = orcid(text_of(value)).value_or(std::string{}); }},
};

constexpr Field<PrintedAffiliation> k_affiliation[] = {
    {"raw_affiliation_string",
     [](PrintedAffiliation& to, const element& value) { assign_text(to.text, value); }},
    {"institution_ids",
     [](PrintedAffiliation& to, const element& value) { append_ids(to.institution_ids, value, 'I'); }},
};

void read_affiliations(Draft& draft, const element& value) {
  for_each(value, [&](const element& entry) {
    PrintedAffiliation affiliation;
    read_fields(entry, k_affiliation, affiliation);
    if (!affiliation.text.empty() || !affiliation.institution_ids.empty()) {
      draft.authorship.affiliations.push_back(std::move(affiliation));
    }
  });
}

void append_plain_affiliations(Authorship& authorship, const element& list) {
  simdjson::dom::array entries;
  if (list.get(entries) != simdjson::SUCCESS) return;
  authorship.affiliations.reserve(entries.size());
  for (const element entry : entries) {
    if (const std::string_view text = text_of(entry); !text.empty()) {
      authorship.affiliations.push_back({std::string(text), {}});
    }
  }
}

void read_corresponding(Draft& draft, const element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) draft.authorship.corresponding = flag;
}

constexpr Field<Draft> k_authorship[] = {
    {"author", [](Draft& to, const element& value) { read_fields(value, k_author, to.authorship); }},
    {"institutions",
     [](Draft& to, const element& value) { append_institutions(to.authorship.institutions, value); }},
    {"is_corresponding", read_corresponding},
    {"raw_author_name", [](Draft& to, const element& value) { assign_text(to.authorship.raw_name, value); }},
    {"raw_orcid", [](Draft& to, const element& value) { to.raw_orcid = text_of(value); }},
    {"affiliations", read_affiliations},
    {"raw_affiliation_strings",
     [](Draft& to, const element& value) {
       to.plain_affiliations = value;
       to.has_plain_affiliations = true;
     }},
    {"raw_affiliation_string",
     [](Draft& to, const element& value) { to.single_affiliation = text_of(value); }},
};

/// An author without id is no author: the name is then only another writing of the byline.
void drop_nobody(Authorship& authorship) {
  if (openalex_nobody(authorship.author_id)) {
    authorship.author_id.clear();
    authorship.name.clear();
    authorship.orcid.clear();
  } else if (authorship.author_id.empty()) {
    if (authorship.raw_name.empty()) authorship.raw_name = std::move(authorship.name);
    authorship.name.clear();
  }
}

}  // namespace

Authorship authorship_of(const element& value) {
  Draft draft;
  read_fields(value, k_authorship, draft);
  Authorship& authorship = draft.authorship;
  drop_nobody(authorship);
  if (authorship.orcid.empty() && !draft.raw_orcid.empty()) {
    authorship.orcid = orcid(draft.raw_orcid).value_or(std::string{});
  }
  if (authorship.affiliations.empty() && draft.has_plain_affiliations) {
    append_plain_affiliations(authorship, draft.plain_affiliations);
  }
  if (authorship.affiliations.empty() && !draft.single_affiliation.empty()) {
    authorship.affiliations.push_back({std::string(draft.single_affiliation), {}});
  }
  return std::move(authorship);
}

}  // namespace coterie::openalex
