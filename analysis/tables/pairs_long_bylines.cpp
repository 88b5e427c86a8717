#include "analysis/tables/joint_pairs.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {

Table pairs_long_bylines(const Study& study, const Measured& /*measured*/,
                         const MetricSettings& /*settings*/) {
  const JointPairs joint = people_pairs_above_cut(study);
  Table table{"pairs_long_bylines",
              "one line per pair of co-authors, one of them a person of the roster, on works above the cut",
              {"author_a", "author_b"},
              {}};
  add_authors(table, study.corpus, joint);
  add_joint_works(table, study.corpus, joint);
  return table;
}

}  // namespace coterie::table
