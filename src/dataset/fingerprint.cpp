#include "src/dataset/fingerprint.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace coterie::dataset {

namespace {

void append(std::string& content, std::string_view text) {
  fmt::format_to(std::back_inserter(content), "{}:", text.size());
  content += text;
}

void append(std::string& content, std::int64_t number) {
  fmt::format_to(std::back_inserter(content), "{};", number);
}

template <typename T>
void append(std::string& content, const std::optional<T>& number) {
  if (number) {
    append(content, std::int64_t{*number});
  } else {
    content += "-;";
  }
}

void append(std::string& content, const std::vector<std::string>& list) {
  append(content, static_cast<std::int64_t>(list.size()));
  for (const std::string& item : list) append(content, std::string_view(item));
}

void append(std::string& content, const Authorship& authorship) {
  for (const std::string* field :
       {&authorship.raw_name, &authorship.name, &authorship.author_id, &authorship.orcid}) {
    append(content, std::string_view(*field));
  }
  append(content, authorship.corresponding);
  append(content, static_cast<std::int64_t>(authorship.institutions.size()));
  for (const Institution& institution : authorship.institutions) {
    for (const std::string* field :
         {&institution.id, &institution.name, &institution.ror, &institution.country, &institution.type}) {
      append(content, std::string_view(*field));
    }
    append(content, institution.lineage);
  }
  append(content, static_cast<std::int64_t>(authorship.affiliations.size()));
  for (const PrintedAffiliation& affiliation : authorship.affiliations) {
    append(content, std::string_view(affiliation.text));
    append(content, affiliation.institution_ids);
  }
}

}  // namespace

std::string content_of(const Work& work) {
  std::string content(1, 'w');
  for (const std::string* field :
       {&work.source, &work.id, &work.doi, &work.arxiv, &work.title, &work.date, &work.type, &work.venue,
        &work.language, &work.journal_reference, &work.updated}) {
    append(content, std::string_view(*field));
  }
  append(content, work.year);
  append(content, std::int64_t{work.version});
  append(content, work.cited_by);
  append(content, std::int64_t{work.retracted});
  append(content, std::int64_t{work.author_count});
  append(content, std::int64_t{work.byline_truncated});
  append(content, static_cast<std::int64_t>(work.authorships.size()));
  for (const Authorship& authorship : work.authorships) append(content, authorship);
  append(content, static_cast<std::int64_t>(work.funding.size()));
  for (const Funding& funding : work.funding) {
    for (const std::string* field : {&funding.funder_id, &funding.funder_name, &funding.award_id}) {
      append(content, std::string_view(*field));
    }
  }
  append(content, work.references);
  return content;
}

void Fingerprint::add(const Work& work) {
  m_hash.update(content_of(work));
  if (!work.vanished.empty()) m_hash.update("vanished " + work.vanished);
}

void Fingerprint::add(const Identity& identity) {
  m_content.assign(1, 'i');
  for (const std::string* field : {&identity.person, &identity.source, &identity.author_id, &identity.name,
                                   &identity.method, &identity.evidence}) {
    append(m_content, std::string_view(*field));
  }
  append(m_content, static_cast<std::int64_t>(identity.status));
  // The shortest text that gives the same number back.
  append(m_content, std::string_view(fmt::format("{}", identity.score)));
  m_hash.update(m_content);
}

}  // namespace coterie::dataset
