#pragma once

#include "coterie/tables.hpp"

/// The tables of a report that are made from a study alone, one file each. An empty corpus gives tables
/// without lines. Columns and order of the lines are described in docs/outputs.md; works above the cut are
/// those with more than Study::max_authors authors.
namespace coterie::table {

/// One line per person of the roster, in roster order, with or without works.
[[nodiscard]] Table people(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per author of the corpus, by falling number of works, then key.
[[nodiscard]] Table authors(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per pair of co-authors on works within the cut, with the weight under each counting, without
/// normalisation.
/// \complexity O(P log P), P = pairs counted once per joint work
[[nodiscard]] Table pairs(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per pair of co-authors on works above the cut with a person of the roster among the two. Such
/// works take no part in the networks; here they are told apart.
[[nodiscard]] Table pairs_long_bylines(const Study& study, const Measured& measured,
                                       const MetricSettings& settings);

/// One line per institution in order of keys, then the line `(unknown)`. All works count, long bylines too.
///
/// Fractional credit of institution i, n_p = CorpusWork::author_count, I = institutions printed for author a
/// on work p:
///
///     credit_fractional(i)         = sum_{p,a: i in I}  1 / (|I| n_p)
///     credit_fractional_lineage(i) = sum_{p,a}  |{j in I: j is i or below i}| / (|I| n_p)
///
/// `(unknown)` gets 1/n_p for each author without institution, and for each author of the byline who is not
/// in the corpus. So `credit_fractional` adds up to the number of works with at least one author. The figures
/// with lineage repeat those of the institutions below and must never be added to them.
[[nodiscard]] Table institutions(const Study& study, const Measured& measured,
                                 const MetricSettings& settings);

/// One line per community of at least two authors, the largest first. \see analysis/communities.hpp
[[nodiscard]] Table communities(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per person and year with works. Works count whatever the length of their byline; co-authors are
/// those of works within the cut. Works of unknown year are left out.
[[nodiscard]] Table timeline(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per funder with team `(all)`, followed by one per team that has works by it.
[[nodiscard]] Table funders(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per work, by year, then key.
[[nodiscard]] Table works(const Study& study, const Measured& measured, const MetricSettings& settings);

/// One line per figure of the corpus and of both networks. \see analysis/summary.hpp
[[nodiscard]] Table summary(const Study& study, const Measured& measured, const MetricSettings& settings);

}  // namespace coterie::table
