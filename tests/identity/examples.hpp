#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "coterie/corpus_builder.hpp"

namespace coterie::test {

/// An entry of a byline: printed name, author id, printed affiliations.
inline Authorship author(std::string name, std::string id = "", std::vector<std::string> texts = {}) {
  Authorship result;
  result.raw_name = name;
  if (!id.empty()) result.name = std::move(name);
  result.author_id = std::move(id);
  for (std::string& text : texts) result.affiliations.push_back({std::move(text), {}});
  return result;
}

/// An entry with one printed text in which the source read institutions.
inline Authorship author_at(std::string name, std::string text, std::vector<Institution> institutions) {
  Authorship result = author(std::move(name));
  PrintedAffiliation printed{std::move(text), {}};
  for (const Institution& institution : institutions) printed.institution_ids.push_back(institution.id);
  result.affiliations.push_back(std::move(printed));
  result.institutions = std::move(institutions);
  return result;
}

inline Work work(std::string source, std::string id, std::vector<Authorship> byline, int year = 2020) {
  Work result;
  result.source = std::move(source);
  result.id = std::move(id);
  result.year = year;
  result.author_count = static_cast<std::uint32_t>(byline.size());
  result.authorships = std::move(byline);
  return result;
}

inline Person person(std::string key, std::string name) {
  Person result;
  result.key = std::move(key);
  result.name = std::move(name);
  return result;
}

inline Identity identity(std::string person, std::string id, Identity::Status status,
                         std::string source = "openalex") {
  Identity result;
  result.person = std::move(person);
  result.source = std::move(source);
  result.author_id = std::move(id);
  result.status = status;
  return result;
}

/// The corpus of works in the given order.
inline Corpus corpus_of(const std::vector<Work>& works, const Roster& roster = {},
                        const std::vector<Identity>& identities = {}, const Window& window = {}) {
  CorpusBuilder builder(roster, identities, window);
  for (const Work& one : works) builder.add(one);
  return builder.build();
}

/// Keys of a work's authors, in printed order.
inline std::vector<std::string> byline_of(const Corpus& corpus, Index work = 0) {
  std::vector<std::string> keys;
  for (const Index author : corpus.byline[work]) keys.push_back(corpus.authors[author].key);
  return keys;
}

/// Keys of a slot's institutions.
inline std::vector<std::string> institutions_of(const Corpus& corpus, std::size_t slot = 0) {
  std::vector<std::string> keys;
  for (const Index institution : corpus.slot_institutions[slot]) {
    keys.push_back(corpus.institutions[institution].key);
  }
  return keys;
}

/// The one element with that key, nullptr if there is none.
template <typename Item>
const Item* find(const std::vector<Item>& items, const std::string& key) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.key == key; });
  return found == items.end() ? nullptr : &*found;
}

using Keys = std::vector<std::string>;

}  // namespace coterie::test
