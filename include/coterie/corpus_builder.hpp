#pragma once

#include <memory>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/date.hpp"
#include "coterie/identity.hpp"
#include "coterie/roster.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// Builds a corpus from works in any order.
///
/// * Two records are one work if they share an OpenAlex id, a DOI or an arXiv id, directly or through a
/// third.
///   The record of the first source in the order openalex, arxiv, others by name (and then the smallest id)
///   tells year, title and byline; what it leaves open the others fill. A byline that was cut is replaced by
///   another record's whole one that is at least as long.
/// * An authorship is a roster person's if identities.csv says so of that work; or if its author id is one of
///   the person's, by people.csv, identities.csv or a confirmed or probable Identity; or if it has no author
///   id and its printed name equals one of the person's, nobody else of the roster has that name, and
///   identities.csv does not refuse it. Other authorships are told apart by author id, and without one by
///   name_key(). An id that is probable for two people is nobody's.
/// * An author who is printed twice on a work counts once; collectives and unnamed authors become no author,
///   but the unnamed ones count in the length of the byline.
/// * Institutions: the watched ones by id, ROR or pattern; others by the source's id; else by the printed
/// text.
///   Of two that one printed text means, one above the other, the lower one counts.
/// * Works without a year are in an open window alone, as of year 0. Retracted works are kept.
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
