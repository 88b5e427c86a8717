#include "src/identity/institutions.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

using Number = InstitutionReading::Number;

void make_set(std::vector<Number>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

/// Numbers of the institutions above each watched one by the column `parent`, the nearest first.
std::vector<std::vector<Number>> parents_of(const std::vector<WatchedInstitution>& watched) {
  std::map<std::string_view, Number> numbers;
  for (const WatchedInstitution& institution : watched) {
    numbers.emplace(institution.key, static_cast<Number>(numbers.size()));
  }
  std::vector<std::vector<Number>> parents(watched.size());
  for (std::size_t i = 0; i < watched.size(); ++i) {
    auto next = numbers.find(watched[i].parent);
    // Reading the roster refuses cycles; the bound keeps one made otherwise from being followed for ever.
    while (next != numbers.end() && parents[i].size() < watched.size()) {
      parents[i].push_back(next->second);
      next = numbers.find(watched[next->second].parent);
    }
  }
  return parents;
}

void keep_smallest(std::string& kept, const std::string& told) {
  if (!told.empty() && (kept.empty() || told < kept)) kept = told;
}

}  // namespace

InstitutionReading::InstitutionReading(const Roster& roster, const Records& records)
    : m_roster(roster), m_records(records), m_readings(records.affiliation_count()) {
  for (const WatchedInstitution& institution : roster.institutions) {
    std::vector<std::string>& folded = m_patterns.emplace_back();
    for (const std::string& pattern : institution.patterns) folded.push_back(text::folded(pattern));
  }
  m_source_names = records.institution_names().most_frequent(records.institutions().size(), records.texts());
  m_above.resize(watched());
  const auto parents = parents_of(roster.institutions);
  for (std::size_t i = 0; i < watched(); ++i) {
    m_above[i] = parents[i];
    make_set(m_above[i]);
    std::erase(m_above[i], static_cast<Number>(i));
  }
  m_above.resize(watched() + records.institutions().size());
  find_watched_among_sources();
  find_ancestors();
}

void InstitutionReading::find_watched_among_sources() {
  std::map<std::string_view, Number> by_openalex;
  std::map<std::string_view, Number> by_ror;
  for (std::size_t i = 0; i < watched(); ++i) {
    const WatchedInstitution& institution = m_roster.institutions[i];
    for (const std::string& id : institution.openalex) by_openalex.emplace(id, static_cast<Number>(i));
    if (!institution.ror.empty()) by_ror.emplace(institution.ror, static_cast<Number>(i));
  }
  const auto& sources = m_records.institutions();
  m_number_of.resize(sources.size());
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    m_number_of[i] = source_number(i);
    if (const auto id = by_openalex.find(sources[i].openalex); id != by_openalex.end()) {
      m_number_of[i] = id->second;
    } else if (const auto ror = by_ror.find(sources[i].ror); ror != by_ror.end()) {
      m_number_of[i] = ror->second;
    } else if (m_source_names[i] != k_no_text) {
      std::vector<Number> matched = matching(text::folded(m_records.texts()[m_source_names[i]]));
      std::erase_if(matched, [&](Number number) {
        const WatchedInstitution& institution = m_roster.institutions[number];
        return !institution.openalex.empty() || !institution.ror.empty();
      });
      matched = without_ancestors(matched);
      if (!matched.empty()) m_number_of[i] = matched.front();
    }
  }
}

void InstitutionReading::find_ancestors() {
  const auto& sources = m_records.institutions();
  std::vector<std::set<Number>> told(watched() + sources.size());
  for (std::size_t i = 0; i < watched(); ++i) told[i].insert(m_above[i].begin(), m_above[i].end());
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    for (const std::uint32_t above : sources[i].above) told[m_number_of[i]].insert(m_number_of[above]);
  }
  // A lineage is told whole; only what institutions.csv adds must be followed upwards.
  for (std::size_t i = 0; i < told.size(); ++i) {
    std::set<Number> all = told[i];
    std::vector<Number> open(all.begin(), all.end());
    while (!open.empty()) {
      const Number next = open.back();
      open.pop_back();
      if (next >= watched()) continue;
      for (const Number above : told[next]) {
        if (all.insert(above).second) open.push_back(above);
      }
    }
    all.erase(static_cast<Number>(i));
    m_above[i].assign(all.begin(), all.end());
  }
}

std::vector<Number> InstitutionReading::matching(const std::string& folded) const {
  std::vector<Number> matched;
  for (std::size_t i = 0; i < m_patterns.size(); ++i) {
    const bool holds =
        std::any_of(m_patterns[i].begin(), m_patterns[i].end(),
                    [&](const std::string& pattern) { return text::contains_words(folded, pattern); });
    if (holds) matched.push_back(static_cast<Number>(i));
  }
  return matched;
}

bool InstitutionReading::is_above(Number upper, Number lower) const {
  return std::binary_search(m_above[lower].begin(), m_above[lower].end(), upper);
}

std::vector<Number> InstitutionReading::without_ancestors(const std::vector<Number>& institutions) const {
  std::set<Number> lowest(institutions.begin(), institutions.end());
  for (const Number lower : institutions) {
    for (const Number upper : m_above[lower]) {
      // Two that stand above each other, as a wrong lineage may tell, both stay.
      if (!is_above(lower, upper)) lowest.erase(upper);
    }
  }
  return {lowest.begin(), lowest.end()};
}

Number InstitutionReading::printed_number(const std::string& folded) {
  const auto [known, fresh] = m_printed.emplace(folded, static_cast<Number>(m_above.size()));
  if (fresh) {
    m_printed_texts.push_back(folded);
    m_above.emplace_back();
  }
  return known->second;
}

void InstitutionReading::read_anew(std::uint32_t number, Reading& reading) {
  const Affiliation& affiliation = m_records.affiliation(number);
  for (const std::uint32_t told : affiliation.institutions) reading.institutions.push_back(m_number_of[told]);
  std::vector<std::string> folded;
  for (const Text text : affiliation.texts) {
    folded.push_back(text::folded(m_records.texts()[text]));
    const std::vector<Number> matched = matching(folded.back());
    reading.institutions.insert(reading.institutions.end(), matched.begin(), matched.end());
  }
  // A text alone: with institutions beside it, it is understood.
  if (reading.institutions.empty() && !folded.empty() && !folded.front().empty()) {
    reading.printed = printed_number(folded.front());
    reading.institutions.push_back(reading.printed);
  }
  reading.institutions = without_ancestors(reading.institutions);
  reading.known = true;
}

const std::vector<Number>& InstitutionReading::read(std::uint32_t affiliation) {
  Reading& reading = m_readings[affiliation];
  if (!reading.known) read_anew(affiliation, reading);
  if (reading.printed != k_none) {
    const auto first = static_cast<Number>(watched() + m_records.institutions().size());
    m_printed_names.add(reading.printed - first, m_records.affiliation(affiliation).texts.front());
  }
  return reading.institutions;
}

CorpusInstitution InstitutionReading::described_watched(Number number) const {
  const WatchedInstitution& institution = m_roster.institutions[number];
  CorpusInstitution result;
  result.key = institution.key;
  result.name = institution.name;
  result.kind = CorpusInstitution::Kind::watched;
  const auto& sources = m_records.institutions();
  std::string told_openalex;
  std::string told_ror;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (m_number_of[i] != number) continue;
    keep_smallest(result.country, sources[i].country);
    keep_smallest(told_openalex, sources[i].openalex);
    keep_smallest(told_ror, sources[i].ror);
  }
  result.openalex = institution.openalex.empty() ? told_openalex : institution.openalex.front();
  result.ror = institution.ror.empty() ? told_ror : institution.ror;
  return result;
}

CorpusInstitution InstitutionReading::described_source(std::uint32_t number) const {
  const SourceInstitution& institution = m_records.institutions()[number];
  CorpusInstitution result;
  result.key = m_records.texts()[institution.key];
  result.name = m_source_names[number] == k_no_text ? result.key.substr(result.key.find(':') + 1)
                                                    : m_records.texts()[m_source_names[number]];
  result.kind = CorpusInstitution::Kind::source;
  result.country = institution.country;
  result.openalex = institution.openalex;
  result.ror = institution.ror;
  return result;
}

std::vector<CorpusInstitution> InstitutionReading::described(std::span<const Number> institutions) const {
  const std::vector<Text> printed_names =
      m_printed_names.most_frequent(m_printed_texts.size(), m_records.texts());
  const std::size_t sources = m_records.institutions().size();
  std::vector<CorpusInstitution> result;
  for (const Number number : institutions) {
    if (number < watched()) {
      result.push_back(described_watched(number));
    } else if (number < watched() + sources) {
      result.push_back(described_source(number - static_cast<Number>(watched())));
    } else {
      const std::size_t printed = number - watched() - sources;
      CorpusInstitution institution;
      institution.key = "printed:" + m_printed_texts[printed];
      institution.name = m_records.texts()[printed_names[printed]];
      result.push_back(std::move(institution));
    }
  }
  return result;
}

}  // namespace coterie
