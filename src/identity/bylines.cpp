#include "src/identity/bylines.hpp"

#include <unordered_map>

#include "src/identity/names.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_ambiguous = SIZE_MAX;

const Record& chosen(const WorkRecords& work) {
  const Record* best = work.front();
  for (const Record* other : work) {
    const bool wanted = best->mention_count == 0 || best->truncated;
    const bool better = other->mention_count > 0 && (!other->truncated || best->mention_count == 0);
    if (wanted && better && other->mention_count >= best->mention_count) best = other;
  }
  return *best;
}

/// Entries of a byline by the keys of their names; a key that two of them have tells nothing.
std::unordered_map<Text, std::size_t> by_name(std::span<const Mention> byline, NameReading& names) {
  std::unordered_map<Text, std::size_t> entries;
  for (std::size_t i = 0; i < byline.size(); ++i) {
    for (const Text name : {byline[i].printed, byline[i].name}) {
      const Text key = names.key(name);
      if (key == k_no_text) continue;
      const auto [known, fresh] = entries.emplace(key, i);
      if (!fresh && known->second != i) known->second = k_ambiguous;
    }
  }
  return entries;
}

void take_from(const Record& other, const Records& records, NameReading& names, Byline& byline) {
  const std::span<const Mention> mentions = records.byline(other);
  const auto there = by_name(mentions, names);
  std::unordered_map<Text, std::size_t> times;
  for (const BylineEntry& entry : byline.entries) ++times[entry.key];
  for (BylineEntry& entry : byline.entries) {
    if (entry.key == k_no_text || times[entry.key] != 1) continue;
    auto found = there.find(entry.key);
    if (found == there.end() && entry.other_key != k_no_text) found = there.find(entry.other_key);
    if (found == there.end() || found->second == k_ambiguous) continue;
    const Mention& mention = mentions[found->second];
    if (mention.author_id != k_no_text) entry.author_ids.push_back(mention.author_id);
    if (entry.orcid == k_no_text) entry.orcid = mention.orcid;
    if (entry.affiliations.empty()) {
      const auto told = records.affiliations(mention);
      entry.affiliations.assign(told.begin(), told.end());
    }
  }
}

}  // namespace

NameReading::Facts NameReading::facts(Text name) {
  if (m_facts[name].known) return m_facts[name];
  const NameParts parts = name_parts(m_texts[name]);
  const Facts found{m_texts.intern(parts.key), parts.collective, true};
  m_facts.set(name, found);
  return found;
}

Byline merged_byline(const WorkRecords& work, const Records& records, NameReading& names) {
  const Record& record = chosen(work);
  Byline byline;
  byline.told_count = record.author_count;
  byline.truncated = record.truncated;
  byline.entries.reserve(record.mention_count);
  for (const Mention& mention : records.byline(record)) {
    BylineEntry& entry = byline.entries.emplace_back();
    entry.printed = mention.printed;
    entry.key = names.key(mention.printed);
    entry.other_key = names.key(mention.name);
    if (mention.author_id != k_no_text) entry.author_ids.push_back(mention.author_id);
    entry.orcid = mention.orcid;
    entry.source = record.source;
    const auto told = records.affiliations(mention);
    entry.affiliations.assign(told.begin(), told.end());
  }
  for (const Record* other : work) {
    if (other != &record) take_from(*other, records, names, byline);
  }
  return byline;
}

}  // namespace coterie
