#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/date.hpp"
#include "coterie/roster.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// A roster person and an author id of a source: how sure it is that they are one.
struct Identity {
  enum class Status {
    confirmed,  ///< the roster, an ORCID or identities.csv says so
    probable,   ///< the one candidate that fits; used, and proposed for review
    ambiguous,  ///< one of several candidates; not used before a person decides
    rejected,   ///< identities.csv says it is somebody else
  };
  std::string person;  ///< key of people.csv
  std::string source;
  std::string author_id;
  std::string name;  ///< as the source writes it
  Status status = Status::ambiguous;
  std::string method;    ///< roster, orcid, decision, search
  double score = 0;      ///< 0..1, higher fits better; 1 for confirmed
  std::string evidence;  ///< one sentence
};

[[nodiscard]] std::string_view to_string(Identity::Status status);

/// The key under which names are compared: accents, case, hyphens and apostrophes folded, tokens sorted, so
/// that "Guo, Daya", "Daya GUO" and "daya guo" are equal. Empty for a text without letters. \complexity
/// O(length log length)
[[nodiscard]] std::string name_key(std::string_view name);

/// Whether a byline entry is no person but a collective ("DeepSeek-AI", "et al"), which never becomes a node.
[[nodiscard]] bool is_collective(std::string_view name);

/// Decides which of a source's author records are the person.
///
/// Confirmed: an id the roster or identities.csv names, or an equal ORCID. Otherwise candidates whose name
/// (or one of whose alternatives) equals one of the person's are weighed: an affiliation hint met by the
/// candidate's institutions counts most. The one candidate that fits is probable; with several the identity
/// is ambiguous, and nothing is merged.
///
/// \return one Identity per candidate that is worth a look, best first; ties by author id
[[nodiscard]] std::vector<Identity> decide_identities(const Person& person, const Roster& roster,
                                                      std::string_view source,
                                                      const std::vector<AuthorRecord>& candidates);

/// Builds a corpus from works in any order.
///
/// * Two works are one if they share an OpenAlex id, a DOI or an arXiv id, directly or through a third; the
/// record of
///   the first source in the order openalex, arxiv, others by name (and then the smallest id) tells year,
///   title and byline; what it leaves open the others fill.
/// * An authorship is a roster person's if its author id is one of the person's identities, or if it has no
/// author id and
///   its printed name equals one of the person's, nobody else of the roster has that name, and identities.csv
///   does not refuse it. Other authorships are told apart by author id, and without one by name_key().
/// * An author who is printed twice on a work counts once; collectives and unnamed authors become no author.
/// * Institutions: the watched ones by id, ROR or pattern; others by the source's id; else by the printed
/// text.
class CorpusBuilder {
 public:
  CorpusBuilder(const Roster& roster, const std::vector<Identity>& identities, const Window& window);
  ~CorpusBuilder();
  CorpusBuilder(const CorpusBuilder&) = delete;
  CorpusBuilder& operator=(const CorpusBuilder&) = delete;

  /// Takes a work in. \complexity O(size of the work)
  void add(const Work& work);

  /// The frozen corpus of the works in the window; same works, same corpus, whatever their order.
  /// \complexity O((works + authorships) log), memory of the corpus
  [[nodiscard]] Corpus build();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
