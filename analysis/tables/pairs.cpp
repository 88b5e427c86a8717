#include "analysis/tables/cells.hpp"
#include "analysis/tables/joint_pairs.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {
namespace {

/// Sums run in work order, as in the co-authorship matrix, so that both have the same bits.
void add_weight(Table& table, const Corpus& corpus, const JointPairs& joint, Counting counting,
                std::string id, std::string label) {
  auto& cells = reals(table, std::move(id), std::move(label), "works");
  for (std::size_t pair = 0; pair < joint.pairs.size(); ++pair) {
    double weight = 0.0;
    for (const Index work : joint.works[pair]) {
      weight += pair_weight(counting, corpus.works[work].author_count);
    }
    cells.push_back(weight);
  }
}

}  // namespace

Table pairs(const Study& study, const Measured& /*measured*/, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  const JointPairs joint = pairs_within_cut(study);
  Table table{
      "pairs", "one line per pair of co-authors on works within the cut", {"author_a", "author_b"}, {}};
  add_authors(table, corpus, joint);
  add_weight(table, corpus, joint, Counting::full, "weight_full", "joint works, each counts 1");
  add_weight(table, corpus, joint, Counting::fractional, "weight_fractional",
             "joint works, each counts 1/(n-1) for n authors");
  add_weight(table, corpus, joint, Counting::pair, "weight_pair",
             "joint works, each counts 2/(n(n-1)) for n authors");
  add_joint_works(table, corpus, joint);
  return table;
}

}  // namespace coterie::table
