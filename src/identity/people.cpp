#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "coterie/util/text.hpp"
#include "coterie/who_is_who.hpp"

namespace coterie {
namespace {

// The scores order the candidates of one person for review; they are no probabilities.
constexpr double k_conflict = 0.05;
constexpr double k_other_name = 0.4;
constexpr double k_equal_name = 0.5;
constexpr double k_hints = 0.4;

const std::vector<std::string>& known_ids(const Person& person, std::string_view source) {
  static const std::vector<std::string> none;
  if (source == "openalex") return person.openalex;
  if (source == "arxiv") return person.arxiv;
  if (source == "dblp") return person.dblp;
  if (source == "semantic_scholar") return person.semantic_scholar;
  return none;
}

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// An affiliation hint of the roster, ready to be compared.
struct Hint {
  std::string written;
  const WatchedInstitution* watched = nullptr;
  std::vector<std::string> words;  // folded
};

Hint hint_of(const std::string& written, const Roster& roster) {
  Hint hint{written, roster.institution(written), {}};
  if (hint.watched != nullptr) {
    hint.words.push_back(text::folded(hint.watched->name));
    for (const std::string& pattern : hint.watched->patterns) hint.words.push_back(text::folded(pattern));
  } else {
    hint.words.push_back(text::folded(written));
  }
  return hint;
}

bool meets(const Hint& hint, const Institution& institution) {
  if (hint.watched != nullptr) {
    const std::vector<std::string>& ids = hint.watched->openalex;
    if (contains(ids, institution.id)) return true;
    if (!institution.ror.empty() && institution.ror == hint.watched->ror) return true;
    // Whoever is at a part of the institution is at the institution.
    if (std::any_of(institution.lineage.begin(), institution.lineage.end(),
                    [&](const std::string& above) { return contains(ids, above); })) {
      return true;
    }
  }
  const std::string name = text::folded(institution.name);
  return std::any_of(hint.words.begin(), hint.words.end(),
                     [&](const std::string& words) { return text::contains_words(name, words); });
}

bool meets(const Hint& hint, const AuthorRecord& candidate) {
  const auto fits = [&](const Institution& institution) { return meets(hint, institution); };
  return std::any_of(candidate.affiliations.begin(), candidate.affiliations.end(),
                     [&](const AuthorRecord::Affiliation& a) { return fits(a.institution); }) ||
         std::any_of(candidate.last_known_institutions.begin(), candidate.last_known_institutions.end(),
                     fits);
}

/// A candidate as it was weighed.
struct Weighed {
  Identity identity;
  bool fits = false;       // by name, without a conflict
  bool hinted = false;     // and meets an affiliation hint
  bool has_place = false;  // the source tells an affiliation
};

class Weighing {
 public:
  Weighing(const Person& person, const Roster& roster, std::string_view source)
      : m_person(person), m_source(source) {
    m_names.insert(name_key(person.name));
    for (const std::string& alias : person.aliases) m_names.insert(name_key(alias));
    m_names.erase("");
    for (const std::string& written : person.affiliation_hints) m_hints.push_back(hint_of(written, roster));
    for (const IdentityDecision& decision : roster.decisions) {
      if (decision.person != person.key || decision.source != source || !decision.work.empty()) continue;
      if (decision.author_id.empty()) continue;
      auto& ids = decision.verdict == IdentityDecision::Verdict::same ? m_same : m_different;
      ids.insert(decision.author_id);
    }
  }

  [[nodiscard]] bool has_hints() const { return !m_hints.empty(); }

  /// \return nullopt if the candidate is not worth a look
  [[nodiscard]] std::optional<Weighed> weighed(const AuthorRecord& candidate) const {
    Weighed result{confirmed(candidate.id), false, false, false};
    Identity& identity = result.identity;
    identity.name = candidate.name;
    if (!identity.method.empty()) return result;
    if (!m_person.orcid.empty() && candidate.orcid == m_person.orcid) {
      settle(identity, Identity::Status::confirmed, "orcid", "the same ORCID, " + candidate.orcid);
      return result;
    }
    const bool equal = m_names.contains(name_key(candidate.name));
    const bool other =
        !equal && std::any_of(candidate.alternative_names.begin(), candidate.alternative_names.end(),
                              [&](const std::string& name) { return m_names.contains(name_key(name)); });
    // A record without works is what a source leaves behind when it merges authors.
    if ((!equal && !other) || candidate.works_count == 0) return std::nullopt;
    identity.method = "search";
    if (!m_person.orcid.empty() && !candidate.orcid.empty()) {
      identity.score = k_conflict;
      identity.evidence = "the name fits, but the ORCID is another, " + candidate.orcid;
      return result;
    }
    result.fits = true;
    result.has_place = !candidate.affiliations.empty() || !candidate.last_known_institutions.empty();
    weigh_by_name(candidate, equal, result);
    return result;
  }

  /// What the roster and identities.csv say of ids that were not among the candidates.
  [[nodiscard]] std::vector<Identity> unasked(const std::vector<AuthorRecord>& candidates) const {
    std::set<std::string> ids(m_same.begin(), m_same.end());
    ids.insert(m_different.begin(), m_different.end());
    for (const std::string& id : known_ids(m_person, m_source)) ids.insert(id);
    for (const AuthorRecord& candidate : candidates) ids.erase(candidate.id);
    std::vector<Identity> result;
    for (const std::string& id : ids) result.push_back(confirmed(id));
    return result;
  }

 private:
  const Person& m_person;
  std::string m_source;
  std::set<std::string> m_names;
  std::vector<Hint> m_hints;
  std::set<std::string> m_same;
  std::set<std::string> m_different;

  static void settle(Identity& identity, Identity::Status status, std::string method, std::string evidence) {
    identity.status = status;
    identity.method = std::move(method);
    identity.evidence = std::move(evidence);
    identity.score = status == Identity::Status::confirmed ? 1 : 0;
  }

  /// The identity as far as people decided it; without a method if they did not. A decision outweighs the
  /// roster.
  [[nodiscard]] Identity confirmed(const std::string& id) const {
    Identity identity;
    identity.person = m_person.key;
    identity.source = m_source;
    identity.author_id = id;
    if (m_different.contains(id)) {
      settle(identity, Identity::Status::rejected, "decision", "identities.csv says it is somebody else");
    } else if (m_same.contains(id)) {
      settle(identity, Identity::Status::confirmed, "decision", "identities.csv says it is the person");
    } else if (contains(known_ids(m_person, m_source), id)) {
      settle(identity, Identity::Status::confirmed, "roster", "people.csv names this id");
    }
    return identity;
  }

  void weigh_by_name(const AuthorRecord& candidate, bool equal, Weighed& result) const {
    std::vector<std::string> met;
    for (const Hint& hint : m_hints) {
      if (meets(hint, candidate)) met.push_back(hint.written);
    }
    result.hinted = !met.empty();
    Identity& identity = result.identity;
    identity.score = equal ? k_equal_name : k_other_name;
    identity.evidence = equal ? "the name is equal" : "one of its other names is equal";
    if (!met.empty()) {
      identity.score += k_hints * static_cast<double>(met.size()) / static_cast<double>(m_hints.size());
      identity.evidence += "; was at " + text::join(met, ", ");
    } else if (!m_hints.empty()) {
      identity.evidence += result.has_place ? "; none of its institutions is a hint of people.csv"
                                            : "; the source tells no institution";
    }
    identity.evidence += fmt::format("; {} works", candidate.works_count);
  }
};

/// The one candidate that fits, nullptr if there is none or several. With hints only who meets one fits,
/// unless the source tells nothing about the only namesake's institutions.
Identity* the_one(std::vector<Weighed>& candidates, bool has_hints) {
  std::vector<Weighed*> fitting;
  std::vector<Weighed*> hinted;
  for (Weighed& candidate : candidates) {
    if (candidate.identity.status == Identity::Status::confirmed) return nullptr;
    if (candidate.fits) fitting.push_back(&candidate);
    if (candidate.hinted) hinted.push_back(&candidate);
  }
  if (hinted.size() == 1) return &hinted.front()->identity;
  if (!hinted.empty() || fitting.size() != 1) return nullptr;
  return has_hints && fitting.front()->has_place ? nullptr : &fitting.front()->identity;
}

}  // namespace

std::vector<Identity> decide_identities(const Person& person, const Roster& roster, std::string_view source,
                                        const std::vector<AuthorRecord>& candidates) {
  const Weighing weighing(person, roster, source);
  std::vector<Weighed> weighed;
  for (const AuthorRecord& candidate : candidates) {
    if (auto one = weighing.weighed(candidate)) weighed.push_back(std::move(*one));
  }
  for (Identity& identity : weighing.unasked(candidates)) {
    weighed.push_back({std::move(identity), false, false, false});
  }
  if (Identity* const found = the_one(weighed, weighing.has_hints())) {
    found->status = Identity::Status::probable;
  }
  std::vector<Identity> identities;
  for (Weighed& one : weighed) identities.push_back(std::move(one.identity));
  std::sort(identities.begin(), identities.end(), [](const Identity& a, const Identity& b) {
    if (a.status != b.status) return a.status < b.status;
    if (a.score != b.score) return a.score > b.score;
    return a.author_id < b.author_id;
  });
  return identities;
}

}  // namespace coterie
