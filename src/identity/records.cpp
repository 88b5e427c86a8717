#include "src/identity/records.hpp"

#include <algorithm>

#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

/// Keeps the smaller of two told values, so that the order of arrival does not matter.
void keep_smallest(std::string& kept, const std::string& told) {
  if (!told.empty() && (kept.empty() || told < kept)) kept = told;
}

void make_set(std::vector<std::uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

std::size_t AffiliationHash::operator()(const Affiliation& affiliation) const {
  std::uint64_t hash = affiliation.texts.size();
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15U; };
  for (const Text text : affiliation.texts) mix(text);
  for (const std::uint32_t institution : affiliation.institutions) mix(institution);
  return hash ^ (hash >> 32U);
}

void Records::add(const Work& work) {
  Record record;
  record.source = m_texts.intern(work.source);
  record.id = work.id;
  record.doi = work.doi;
  record.arxiv = work.arxiv;
  if (record.arxiv.empty() && work.source == "arxiv") record.arxiv = arxiv_id(work.id).value_or("");
  if (record.arxiv.empty() && work.doi.starts_with("10.48550/")) {
    record.arxiv = arxiv_id(work.doi).value_or("");
  }
  record.title = work.title;
  record.year = work.year;
  record.date = work.date;
  record.type = work.type;
  record.venue = work.venue;
  record.author_count = std::max(work.author_count, static_cast<std::uint32_t>(work.authorships.size()));
  record.truncated = work.byline_truncated;
  record.vanished = work.vanished;
  record.first_mention = m_mentions.size();
  record.mention_count = work.authorships.size();
  for (const Authorship& authorship : work.authorships) add_mention(work.source, authorship);
  for (const Funding& funding : work.funding) {
    if (const auto number = funder(work.source, funding)) record.funders.push_back(*number);
  }
  m_records.push_back(std::move(record));
}

void Records::add_mention(const std::string& source, const Authorship& authorship) {
  Mention mention;
  mention.name = m_texts.intern(authorship.name);
  const bool one_name = authorship.raw_name.empty() || authorship.raw_name == authorship.name;
  mention.printed = one_name ? mention.name : m_texts.intern(authorship.raw_name);
  if (!authorship.author_id.empty()) mention.author_id = m_texts.intern(source, authorship.author_id);
  mention.orcid = m_texts.intern(authorship.orcid);
  mention.first_affiliation = static_cast<std::uint32_t>(m_mention_affiliations.size());

  // What the source does not tie to each other is kept together: the texts may be what the institutions were
  // read in.
  Affiliation untied;
  std::vector<std::uint32_t> tied;
  for (const PrintedAffiliation& printed : authorship.affiliations) {
    Affiliation affiliation;
    if (const Text text = m_texts.intern(text::single_spaced(printed.text)); text != k_no_text) {
      affiliation.texts.push_back(text);
    }
    for (const std::string& id : printed.institution_ids) {
      affiliation.institutions.push_back(institution_number(m_texts.intern(source, id)));
    }
    make_set(affiliation.institutions);
    if (affiliation.institutions.empty()) {
      untied.texts.insert(untied.texts.end(), affiliation.texts.begin(), affiliation.texts.end());
    } else {
      tied.insert(tied.end(), affiliation.institutions.begin(), affiliation.institutions.end());
      add_affiliation(std::move(affiliation));
    }
  }
  for (const Institution& told : authorship.institutions) {
    if (const auto number = institution(source, told)) {
      if (std::find(tied.begin(), tied.end(), *number) == tied.end()) untied.institutions.push_back(*number);
    } else if (const Text name = m_texts.intern(text::single_spaced(told.name)); name != k_no_text) {
      add_affiliation({{name}, {}});
    }
  }
  make_set(untied.institutions);
  if (untied.institutions.empty()) {
    for (const Text text : untied.texts) add_affiliation({{text}, {}});
  } else if (untied.texts.empty()) {
    for (const std::uint32_t number : untied.institutions) add_affiliation({{}, {number}});
  } else {
    add_affiliation(std::move(untied));
  }
  mention.affiliation_count =
      static_cast<std::uint32_t>(m_mention_affiliations.size()) - mention.first_affiliation;
  m_mentions.push_back(mention);
}

void Records::add_affiliation(Affiliation affiliation) {
  const auto next = static_cast<std::uint32_t>(m_affiliations.size());
  const auto [known, fresh] = m_affiliation_numbers.emplace(std::move(affiliation), next);
  if (fresh) m_affiliations.push_back(&known->first);
  m_mention_affiliations.push_back(known->second);
}

std::uint32_t Records::institution_number(Text key) {
  const std::uint32_t known = m_institution_numbers[key];
  if (known != k_none) return known;
  const auto number = static_cast<std::uint32_t>(m_institutions.size());
  m_institution_numbers.set(key, number);
  SourceInstitution& institution = m_institutions.emplace_back();
  m_last_told.emplace_back();
  institution.key = key;
  constexpr std::string_view k_openalex = "openalex:";
  if (m_texts[key].starts_with(k_openalex)) institution.openalex = m_texts[key].substr(k_openalex.size());
  return number;
}

std::optional<std::uint32_t> Records::institution(const std::string& source, const Institution& told) {
  if (told.id.empty() && told.ror.empty()) return std::nullopt;
  const Text key = told.id.empty() ? m_texts.intern("ror", told.ror) : m_texts.intern(source, told.id);
  const std::uint32_t number = institution_number(key);
  m_institution_names.add(number, m_texts.intern(told.name));
  // Sources repeat themselves: nearly always there is nothing new.
  if (told == m_last_told[number]) return number;
  keep_smallest(m_institutions[number].ror, told.ror);
  keep_smallest(m_institutions[number].country, told.country);
  for (const std::string& id : told.lineage) {
    const std::uint32_t above = institution_number(m_texts.intern(source, id));
    m_institutions[number].above.insert(above);
  }
  m_last_told[number] = told;
  return number;
}

std::optional<std::uint32_t> Records::funder(const std::string& source, const Funding& told) {
  Text key = k_no_text;
  if (!told.funder_id.empty()) {
    key = m_texts.intern(source, told.funder_id);
  } else if (const std::string name = text::folded(told.funder_name); !name.empty()) {
    key = m_texts.intern("name", name);
  }
  if (key == k_no_text) return std::nullopt;
  const auto [known, fresh] = m_funder_numbers.emplace(key, static_cast<std::uint32_t>(m_funders.size()));
  if (fresh) m_funders.push_back({key});
  m_funder_names.add(known->second, m_texts.intern(text::single_spaced(told.funder_name)));
  return known->second;
}

}  // namespace coterie
