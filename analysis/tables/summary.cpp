#include "analysis/summary.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"
#include "analysis/works.hpp"

namespace coterie::table {
namespace {

std::vector<Figure> corpus_figures(const Study& study) {
  const Corpus& corpus = study.corpus;
  const std::uint64_t authorships = corpus.byline.values.size();
  std::uint64_t without = 0;
  for (std::size_t slot = 0; slot < corpus.slot_institutions.size(); ++slot) {
    if (corpus.slot_institutions[slot].empty()) ++without;
  }
  const auto above_cut = std::ranges::count_if(
      corpus.works, [&](const CorpusWork& work) { return !within_cut(work, study.max_authors); });
  return {
      {"works", "works in the window", "works", static_cast<double>(corpus.works.size())},
      {"works_above_cut", "works with a byline above the cut", "works", static_cast<double>(above_cut)},
      {"authorships", "authors in the corpus, once per work", "authorships",
       static_cast<double>(authorships)},
      {"authorships_without_institution", "share of the authorships without institution", "share (0..1)",
       share(without, authorships)},
  };
}

}  // namespace

Table summary(const Study& study, const Measured& /*measured*/, const MetricSettings& settings) {
  Table table{"summary", "one line per figure of the corpus and of each network", {"network", "figure"}, {}};
  auto& network = texts(table, "network", "corpus, or the network: authors, institutions");
  auto& id = texts(table, "figure", "id of the figure");
  auto& label = texts(table, "label", "what it is");
  auto& unit = texts(table, "unit", "unit of the value, empty if it has none");
  auto& value = reals(table, "value", "value of the figure, in the unit of its line");
  const auto add = [&](std::string_view of, const std::vector<Figure>& figures) {
    for (const Figure& figure : figures) {
      network.emplace_back(of);
      id.push_back(figure.id);
      label.push_back(figure.label);
      unit.push_back(figure.unit);
      value.push_back(figure.value);
    }
  };
  if (study.corpus.works.empty()) return table;
  add("corpus", corpus_figures(study));
  add("authors", coterie::summary(study.authors, settings));
  add("institutions", coterie::summary(study.institutions, settings));
  return table;
}

}  // namespace coterie::table
