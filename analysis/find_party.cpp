#include <fmt/format.h>

#include <algorithm>

#include "analysis/affiliated.hpp"
#include "coterie/error.hpp"
#include "coterie/explain.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_most_named = 5;

Party person_party(const Corpus& corpus, Index index) {
  const CorpusPerson& person = corpus.people[index];
  Party party{Party::Kind::person, person.key, person.name, {}};
  if (person.author != k_none) party.authors.push_back(person.author);
  return party;
}

Party team_party(const Corpus& corpus, const std::string& team) {
  Party party{Party::Kind::team, team, team, {}};
  for (const CorpusPerson& person : corpus.people) {
    if (person.author != k_none && std::ranges::find(person.teams, team) != person.teams.end()) {
      party.authors.push_back(person.author);
    }
  }
  std::ranges::sort(party.authors);
  return party;
}

Party institution_party(const Corpus& corpus, Index index) {
  const CorpusInstitution& institution = corpus.institutions[index];
  return {Party::Kind::institution, institution.key, institution.name, affiliated_authors(corpus, index)};
}

Party author_party(const Corpus& corpus, Index index) {
  const CorpusAuthor& author = corpus.authors[index];
  if (author.person != k_none) return person_party(corpus, author.person);
  return {Party::Kind::author, author.key, author.name, {index}};
}

/// A key or a name that might have been meant.
struct Known {
  std::string compared;  ///< folded
  std::string shown;
};

/// Everything that can be named, people and watched institutions by each word of their names too.
std::vector<Known> known_names(const Corpus& corpus) {
  std::vector<Known> known;
  const auto add = [&](const std::string& compared, const std::string& key, const std::string& name) {
    known.push_back({text::folded(compared),
                     key == name ? fmt::format("'{}'", name) : fmt::format("'{}' ({})", key, name)});
  };
  const auto add_all = [&](const std::string& key, const std::string& name) {
    add(key, key, name);
    add(name, key, name);
    for (const std::string& word : text::split(text::folded(name), ' ')) add(word, key, name);
  };
  for (const CorpusPerson& person : corpus.people) add_all(person.key, person.name);
  for (const std::string& team : corpus.teams) add(team, team, team);
  for (const CorpusInstitution& institution : corpus.institutions) {
    if (institution.kind == CorpusInstitution::Kind::watched) {
      add_all(institution.key, institution.name);
    } else {
      add(institution.name, institution.key, institution.name);
    }
  }
  for (const CorpusAuthor& author : corpus.authors) add(author.name, author.key, author.name);
  return known;
}

/// What holds the text as whole words, else what is written most like it.
std::vector<std::string> suggestions(const Corpus& corpus, std::string_view text) {
  const std::string wanted = text::folded(text);
  const std::vector<Known> known = known_names(corpus);
  std::vector<std::string> shown;
  const auto add = [&](const Known& name) {
    if (shown.size() < k_most_named && std::ranges::find(shown, name.shown) == shown.end()) {
      shown.push_back(name.shown);
    }
  };
  for (const Known& name : known) {
    if (!wanted.empty() && text::contains_words(name.compared, wanted)) add(name);
  }
  if (!shown.empty()) return shown;
  std::vector<std::string> candidates;
  for (const Known& name : known) candidates.push_back(name.compared);
  const auto nearest = text::nearest(wanted, candidates);
  for (const Known& name : known) {
    if (nearest && name.compared == *nearest) add(name);
  }
  return shown;
}

/// Looks through one kind of party after the other.
class Finder {
 public:
  Finder(const Corpus& corpus, std::string_view text, std::string (*name_key)(std::string_view))
      : m_corpus(corpus), m_text(text), m_name_key(name_key), m_wanted(name_key(text)) {}

  [[nodiscard]] std::optional<Party> person() const {
    const auto found = find("people", m_corpus.people, [](const CorpusPerson&) { return true; });
    if (!found) return std::nullopt;
    return person_party(m_corpus, *found);
  }

  [[nodiscard]] std::optional<Party> team() const {
    const auto& teams = m_corpus.teams;
    auto found = std::ranges::find(teams, m_text);
    if (found == teams.end()) found = std::ranges::find_if(teams, [&](auto& team) { return named(team); });
    if (found == teams.end()) return std::nullopt;
    return team_party(m_corpus, *found);
  }

  [[nodiscard]] std::optional<Party> institution() const {
    using Kind = CorpusInstitution::Kind;
    for (const Kind kind : {Kind::watched, Kind::source, Kind::printed}) {
      const auto found = find("institutions", m_corpus.institutions,
                              [&](const CorpusInstitution& one) { return one.kind == kind; });
      if (found) return institution_party(m_corpus, *found);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Party> author() const {
    const auto found = find("authors", m_corpus.authors, [](const CorpusAuthor&) { return true; });
    if (!found) return std::nullopt;
    return author_party(m_corpus, *found);
  }

 private:
  [[nodiscard]] bool named(std::string_view name) const {
    return !m_wanted.empty() && m_name_key(name) == m_wanted;
  }

  /// The one with that key, else the only one with that name.
  template <typename Party, typename Included>
  [[nodiscard]] std::optional<Index> find(std::string_view what, const std::vector<Party>& parties,
                                          const Included& included) const {
    std::vector<Index> found;
    for (Index i = 0; i < parties.size(); ++i) {
      if (!included(parties[i])) continue;
      if (parties[i].key == m_text) return i;
      if (named(parties[i].name)) found.push_back(i);
    }
    if (found.empty()) return std::nullopt;
    if (found.size() == 1) return found.front();
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < std::min(found.size(), k_most_named); ++i) {
      keys.push_back(fmt::format("'{}'", parties[found[i]].key));
    }
    throw Error(ErrorKind::usage, fmt::format("'{}' is the name of {} {}; give the key of one of them: {}{}",
                                              m_text, found.size(), what, text::join(keys, ", "),
                                              found.size() > keys.size() ? ", ..." : ""));
  }

  const Corpus& m_corpus;
  std::string_view m_text;
  std::string (*m_name_key)(std::string_view);
  std::string m_wanted;
};

}  // namespace

Party find_party(const Study& study, std::string_view text, std::string (*name_key)(std::string_view)) {
  const Finder finder(study.corpus, text, name_key);
  if (auto party = finder.person()) return *std::move(party);
  if (auto party = finder.team()) return *std::move(party);
  if (auto party = finder.institution()) return *std::move(party);
  if (auto party = finder.author()) return *std::move(party);
  const std::vector<std::string> near = suggestions(study.corpus, text);
  throw Error(ErrorKind::usage,
              fmt::format("no person, team, institution or author is called '{}'{}", text,
                          near.empty() ? "; authors.csv of a report lists keys and names"
                                       : fmt::format(" (did you mean {}?)", text::join(near, ", "))));
}

}  // namespace coterie
