#include "src/identity/attribution.hpp"

#include <algorithm>

#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"
#include "coterie/who_is_who.hpp"

namespace coterie {
namespace {

/// The forms in which a person may write the identifier of a work, as scheme:value.
std::vector<std::string> work_identifiers(const IdentityDecision& decision) {
  const std::string& written = decision.work;
  std::vector<std::string> ids{written};
  if (const auto id = openalex_id(written, 'W')) ids.push_back("openalex:" + *id);
  if (const auto id = doi(written)) ids.push_back("doi:" + *id);
  if (const auto id = arxiv_id(written)) ids.push_back("arxiv:" + *id);
  if (!decision.source.empty()) ids.push_back(decision.source + ":" + written);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

bool has_id(const BylineEntry& entry, Text id) {
  return std::find(entry.author_ids.begin(), entry.author_ids.end(), id) != entry.author_ids.end();
}

/// Entries without an id are the author with an id whose name they share on the same byline: names are
/// printed twice.
void join_repeated_names(const Byline& byline, std::vector<Attributed>& result) {
  const auto unsettled = [](const Attributed& one) { return one.by_name && one.person == k_none; };
  if (std::none_of(result.begin(), result.end(), unsettled)) return;
  std::unordered_map<Text, std::size_t> with_id;
  for (std::size_t i = 0; i < byline.entries.size(); ++i) {
    if (byline.entries[i].key == k_no_text) continue;
    const bool known = !byline.entries[i].author_ids.empty() || result[i].person != k_none;
    if (known && !result[i].nobody()) with_id.emplace(byline.entries[i].key, i);
  }
  for (std::size_t i = 0; i < byline.entries.size(); ++i) {
    if (!unsettled(result[i])) continue;
    const auto twin = with_id.find(byline.entries[i].key);
    if (twin != with_id.end()) result[i] = result[twin->second];
  }
}

}  // namespace

Attribution::Attribution(const Roster& roster, const std::vector<Identity>& identities, StringPool& texts,
                         NameReading& names)
    : m_texts(texts),
      m_names(names),
      m_confirmed(roster.people.size(), false),
      m_probable(roster.people.size(), false),
      m_ambiguous(roster.people.size(), false) {
  read_names(roster);
  read_ids(roster, identities);
}

void Attribution::read_names(const Roster& roster) {
  for (Index person = 0; person < roster.people.size(); ++person) {
    std::set<Text>& keys = m_names_of.emplace_back();
    keys.insert(m_texts.intern(name_key(roster.people[person].name)));
    for (const std::string& alias : roster.people[person].aliases)
      keys.insert(m_texts.intern(name_key(alias)));
    keys.erase(k_no_text);
    for (const Text key : keys) {
      const auto [known, fresh] = m_person_named.emplace(key, person);
      if (!fresh) known->second = k_none;
    }
  }
}

void Attribution::read_ids(const Roster& roster, const std::vector<Identity>& identities) {
  std::map<std::string_view, Index> persons;
  for (Index i = 0; i < roster.people.size(); ++i) persons.emplace(roster.people[i].key, i);

  std::set<std::pair<Index, Text>> different;
  std::vector<std::pair<Index, Text>> sure;
  for (const IdentityDecision& decision : roster.decisions) {
    const auto person = persons.find(decision.person);
    if (person == persons.end()) continue;
    read_decision(decision, person->second);
    if (!decision.work.empty() || decision.author_id.empty()) continue;
    const std::pair<Index, Text> claim{person->second, m_texts.intern(decision.source, decision.author_id)};
    if (decision.verdict == IdentityDecision::Verdict::different) {
      different.insert(claim);
    } else {
      sure.push_back(claim);
    }
  }
  for (Index i = 0; i < roster.people.size(); ++i) {
    const Person& person = roster.people[i];
    const auto add = [&](std::string_view source, const std::vector<std::string>& ids) {
      for (const std::string& id : ids) sure.emplace_back(i, m_texts.intern(source, id));
    };
    add("openalex", person.openalex);
    add("arxiv", person.arxiv);
    add("dblp", person.dblp);
    add("semantic_scholar", person.semantic_scholar);
  }
  std::unordered_map<Text, Index> probable;
  for (const Identity& identity : identities) {
    const auto person = persons.find(identity.person);
    if (person == persons.end() || identity.author_id.empty()) continue;
    const Text id = m_texts.intern(identity.source, identity.author_id);
    if (identity.status == Identity::Status::confirmed) {
      sure.emplace_back(person->second, id);
    } else if (identity.status == Identity::Status::probable && !different.contains({person->second, id})) {
      const auto [known, fresh] = probable.emplace(id, person->second);
      if (!fresh && known->second != person->second) {
        if (known->second != k_none) m_ambiguous[known->second] = true;
        m_ambiguous[person->second] = true;
        known->second = k_none;
      }
    } else if (identity.status == Identity::Status::ambiguous) {
      m_ambiguous[person->second] = true;
    }
  }
  // Should two people claim one id for sure, the first of the roster has it, whatever the order of the
  // claims.
  std::sort(sure.begin(), sure.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [person, id] : sure) {
    if (different.contains({person, id})) continue;
    if (m_person_with_id.emplace(id, person).second) m_confirmed[person] = true;
  }
  for (const auto& [id, person] : probable) {
    if (person == k_none) continue;
    if (m_person_with_id.emplace(id, person).second) m_probable[person] = true;
  }
}

void Attribution::read_decision(const IdentityDecision& decision, Index person) {
  if (!decision.work.empty()) {
    read_work_decision(decision, person);
    return;
  }
  const bool same = decision.verdict == IdentityDecision::Verdict::same;
  const Text source = m_texts.intern(decision.source);
  std::set<Text> keys = m_names_of[person];
  if (!decision.author_id.empty()) {
    // The id of a source that has none is the name as printed there.
    const Text key = m_texts.intern(name_key(decision.author_id));
    if (!same && !keys.contains(key)) return;
    keys = {key};
  }
  for (const Text key : keys) {
    if (key == k_no_text) continue;
    if (same) {
      m_same_name.emplace(std::pair(source, key), person);
    } else {
      m_refused.insert({person, {source, key}});
    }
  }
}

void Attribution::read_work_decision(const IdentityDecision& decision, Index person) {
  WorkDecision read;
  read.person = person;
  read.same = decision.verdict == IdentityDecision::Verdict::same;
  read.whole_work = decision.author_id.empty();
  if (!read.whole_work) {
    read.author_id =
        m_texts.intern(decision.source.empty() ? "openalex" : decision.source, decision.author_id);
    read.name_key = m_texts.intern(name_key(decision.author_id));
  }
  for (const std::string& id : work_identifiers(decision)) m_work_decisions[id].push_back(read);
}

bool Attribution::has_name(Index person, const BylineEntry& entry) const {
  const std::set<Text>& names = m_names_of[person];
  return names.contains(entry.key) || (entry.other_key != k_no_text && names.contains(entry.other_key));
}

std::vector<std::size_t> Attribution::entries_meant(const WorkDecision& decision,
                                                    const Byline& byline) const {
  std::vector<std::size_t> meant;
  const std::vector<BylineEntry>& entries = byline.entries;
  if (!decision.whole_work) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool named = decision.name_key != k_no_text && entries[i].key == decision.name_key;
      if (has_id(entries[i], decision.author_id) || named) meant.push_back(i);
    }
    if (!meant.empty() || !decision.same) return meant;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!has_name(decision.person, entries[i])) continue;
    // Of namesakes on one byline with ids of their own, the first is meant.
    if (!meant.empty() && !entries[i].author_ids.empty() &&
        entries[i].author_ids != entries[meant.front()].author_ids) {
      continue;
    }
    meant.push_back(i);
  }
  return meant;
}

void Attribution::apply_decisions(std::span<const std::string> work_ids, const Byline& byline,
                                  std::vector<Attributed>& result, std::set<PersonOnEntry>& forbidden) const {
  if (m_work_decisions.empty()) return;
  for (const std::string& id : work_ids) {
    const auto found = m_work_decisions.find(id);
    if (found == m_work_decisions.end()) continue;
    for (const WorkDecision& decision : found->second) {
      if (decision.same) {
        for (const std::size_t i : entries_meant(decision, byline)) {
          if (result[i].person == k_none) result[i].person = decision.person;
        }
      } else if (decision.whole_work) {
        for (std::size_t i = 0; i < byline.entries.size(); ++i) forbidden.emplace(decision.person, i);
      } else {
        for (const std::size_t i : entries_meant(decision, byline)) forbidden.emplace(decision.person, i);
      }
    }
  }
}

bool Attribution::is_collective(const BylineEntry& entry) {
  return entry.printed != k_no_text && m_names.collective(entry.printed) &&
         !m_person_named.contains(entry.key);
}

Index Attribution::person_by_name(const BylineEntry& entry) const {
  for (const Text key : {entry.key, entry.other_key}) {
    if (key == k_no_text) continue;
    const auto given = m_same_name.find({entry.source, key});
    if (given != m_same_name.end()) return given->second;
    const auto found = m_person_named.find(key);
    if (found == m_person_named.end() || found->second == k_none) continue;
    if (!m_refused.contains({found->second, {entry.source, key}})) return found->second;
  }
  return k_none;
}

Attributed Attribution::attributed_entry(const BylineEntry& entry, std::size_t position,
                                         const std::set<PersonOnEntry>& forbidden) {
  Attributed result;
  for (const Text id : entry.author_ids) {
    const auto found = m_person_with_id.find(id);
    if (found == m_person_with_id.end() || forbidden.contains({found->second, position})) continue;
    result.person = found->second;
    result.id = id;
    return result;
  }
  if (!entry.author_ids.empty()) {
    result.key = entry.author_ids.front();
    result.id = result.key;
    return result;
  }
  if (entry.key == k_no_text && entry.other_key == k_no_text) return result;
  result.by_name = true;
  const Index person = person_by_name(entry);
  if (person != k_none && !forbidden.contains({person, position})) {
    result.person = person;
  } else {
    const Text key = entry.key != k_no_text ? entry.key : entry.other_key;
    const std::string name = m_texts[key];
    result.key = m_texts.intern("name", name);
  }
  return result;
}

std::vector<Attributed> Attribution::attributed(std::span<const std::string> work_ids, const Byline& byline) {
  std::vector<Attributed> result(byline.entries.size());
  std::set<PersonOnEntry> forbidden;
  apply_decisions(work_ids, byline, result, forbidden);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const bool decided = result[i].person != k_none && !forbidden.contains({result[i].person, i});
    if (decided) continue;
    result[i] = {};
    if (!is_collective(byline.entries[i])) {
      result[i] = attributed_entry(byline.entries[i], i, forbidden);
    }
  }
  join_repeated_names(byline, result);
  return result;
}

std::vector<std::string> Attribution::ids_of(Index person) const {
  std::vector<std::string> ids;
  for (const auto& [id, owner] : m_person_with_id) {
    if (owner == person) ids.push_back(m_texts[id]);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace coterie
