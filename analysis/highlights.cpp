#include "coterie/highlights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/works.hpp"

namespace coterie {
namespace {

/// A team with the corpus authors of its people, sorted.
struct Team {
  std::string name;
  std::size_t people = 0;
  std::vector<Index> authors;
};

/// Teams by falling number of people found in the corpus.
std::vector<Team> teams_of(const Corpus& corpus) {
  std::vector<Team> teams;
  for (const std::string& name : corpus.teams) {
    Team team{name, 0, {}};
    for (const CorpusPerson& person : corpus.people) {
      if (std::find(person.teams.begin(), person.teams.end(), name) == person.teams.end()) continue;
      ++team.people;
      if (person.author != k_none) team.authors.push_back(person.author);
    }
    std::sort(team.authors.begin(), team.authors.end());
    teams.push_back(std::move(team));
  }
  std::stable_sort(teams.begin(), teams.end(),
                   [](const Team& a, const Team& b) { return a.authors.size() > b.authors.size(); });
  return teams;
}

std::set<Index> contacts(const Study& study, const Team& team) {
  std::set<Index> found;
  for (const Index author : team.authors) {
    const auto neighbours = study.authors.neighbours(author);
    found.insert(neighbours.begin(), neighbours.end());
  }
  for (const Index author : team.authors) found.erase(author);
  return found;
}

template <typename A, typename B>
std::size_t common(const A& a, const B& b) {
  std::vector<Index> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both.size();
}

std::string contents_line(const Study& study) {
  const Corpus& corpus = study.corpus;
  int first = 0;
  int last = 0;
  for (const CorpusWork& work : corpus.works) {
    if (work.year == 0) continue;
    if (first == 0 || work.year < first) first = work.year;
    last = std::max(last, work.year);
  }
  return fmt::format("{} works of {} to {} by {} authors, {} pairs of co-authors", corpus.works.size(), first,
                     last, corpus.authors.size(), study.authors.edges());
}

std::string people_line(const Study& study) {
  std::size_t found = 0;
  std::string missing;
  std::size_t absent = 0;
  for (const CorpusPerson& person : study.corpus.people) {
    if (person.author != k_none) {
      ++found;
    } else if (++absent <= 3) {
      missing += (missing.empty() ? "" : ", ") + person.name;
    }
  }
  std::string line = fmt::format("{} of {} people have works here", found, study.corpus.people.size());
  if (absent == 0) return line;
  return line +
         fmt::format("; none by {}{}", missing, absent > 3 ? fmt::format(" and {} more", absent - 3) : "");
}

std::string teams_line(const Study& study, const Team& a, const Team& b) {
  std::set<std::pair<Index, Index>> ties;
  for (const Index author : a.authors) {
    for (const Index other : study.authors.neighbours(author)) {
      if (std::binary_search(b.authors.begin(), b.authors.end(), other))
        ties.insert(std::minmax(author, other));
    }
  }
  const auto in_both =
      std::count_if(study.corpus.people.begin(), study.corpus.people.end(), [&](const CorpusPerson& person) {
        return std::count(person.teams.begin(), person.teams.end(), a.name) > 0 &&
               std::count(person.teams.begin(), person.teams.end(), b.name) > 0;
      });
  return fmt::format(
      "{} ({} of {} people found) and {} ({} of {}): {} people in both, {} pairs wrote together, {} "
      "co-authors in common",
      a.name, a.authors.size(), a.people, b.name, b.authors.size(), b.people, in_both, ties.size(),
      common(contacts(study, a), contacts(study, b)));
}

/// Whom outside the team its people wrote most with, by distinct joint works.
std::string partners_line(const Study& study, const Team& team) {
  const Corpus& corpus = study.corpus;
  std::set<Index> works;
  for (const Index author : team.authors) {
    for (const Index work : corpus.works_of_author[author]) {
      if (within_cut(corpus.works[work], study.max_authors)) works.insert(work);
    }
  }
  std::map<Index, std::size_t> joint;
  for (const Index work : works) {
    for (const Index author : corpus.authors_of(work)) {
      if (!std::binary_search(team.authors.begin(), team.authors.end(), author)) ++joint[author];
    }
  }
  std::vector<std::pair<Index, std::size_t>> ranked(joint.begin(), joint.end());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i) {
    names +=
        fmt::format("{}{} ({})", i == 0 ? "" : ", ", corpus.authors[ranked[i].first].name, ranked[i].second);
  }
  if (names.empty()) return {};
  return fmt::format("{}: most joint works outside the team with {}", team.name, names);
}

/// Watched institutions by the share of the people's authorships that print them, with the share that prints
/// nothing.
std::string institutions_line(const Study& study) {
  const Corpus& corpus = study.corpus;
  std::map<Index, std::size_t> printed;
  std::size_t total = 0;
  std::size_t unknown = 0;
  for (const CorpusPerson& person : corpus.people) {
    if (person.author == k_none) continue;
    for (const Index work : corpus.works_of_author[person.author]) {
      for (std::uint64_t slot = corpus.byline.offsets[work]; slot < corpus.byline.offsets[work + 1]; ++slot) {
        if (corpus.byline.values[slot] != person.author) continue;
        ++total;
        if (corpus.slot_institutions[slot].empty()) ++unknown;
        for (const Index institution : corpus.slot_institutions[slot]) ++printed[institution];
      }
    }
  }
  if (total == 0) return {};
  std::vector<std::tuple<std::size_t, Index>> ranked;
  for (const auto& [institution, count] : printed) {
    if (corpus.institutions[institution].kind == CorpusInstitution::Kind::watched)
      ranked.emplace_back(count, institution);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i) {
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", corpus.institutions[std::get<1>(ranked[i])].name,
                         std::get<0>(ranked[i]));
  }
  return fmt::format("{} authorships of the people: {}no affiliation known for {} ({:.0f} %)", total,
                     names.empty() ? "" : "watched institutions " + names + "; ", unknown,
                     100.0 * static_cast<double>(unknown) / static_cast<double>(total));
}

/// The team asked about, then those it is compared with.
std::vector<Team> asked_teams(const Study& study, const std::optional<StudyFile::Influence>& influence) {
  std::vector<Team> all = teams_of(study.corpus);
  if (!influence || influence->team.empty()) {
    all.resize(std::min<std::size_t>(2, all.size()));
    return all;
  }
  std::vector<std::string> names{influence->team};
  names.insert(names.end(), influence->compare_with.begin(), influence->compare_with.end());
  std::vector<Team> asked;
  for (const std::string& name : names) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Team& team) { return team.name == name; });
    if (found != all.end()) asked.push_back(*found);
  }
  return asked;
}

}  // namespace

std::vector<std::string> highlights(const Study& study,
                                    const std::optional<StudyFile::Influence>& influence) {
  std::vector<std::string> lines{contents_line(study), people_line(study)};
  const std::vector<Team> teams = asked_teams(study, influence);
  for (std::size_t i = 1; i < teams.size(); ++i) lines.push_back(teams_line(study, teams[0], teams[i]));
  if (!teams.empty()) lines.push_back(partners_line(study, teams[0]));
  lines.push_back(institutions_line(study));
  std::erase(lines, "");
  return lines;
}

}  // namespace coterie
