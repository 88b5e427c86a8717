#include <numeric>
#include <string_view>
#include <vector>

#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {
namespace {

constexpr std::string_view k_unknown = "(unknown)";

enum class Reach { printed, lineage };

/// Calls `take(institution, share)` for everything that a slot gives a share to; `unknown` if it prints
/// nothing.
template <typename Take>
void for_each_share(const Corpus& corpus, std::uint64_t slot, Reach reach, Index unknown, const Take& take) {
  const auto printed = corpus.slot_institutions[slot];
  if (printed.empty()) {
    take(unknown, 1.0);
    return;
  }
  const double share = 1.0 / static_cast<double>(printed.size());
  for (const Index institution : printed) {
    take(institution, share);
    if (reach == Reach::printed) continue;
    for (const Index above : corpus.institutions[institution].ancestors) take(above, share);
  }
}

/// Slots of each author, in work order.
Rows<std::uint64_t> slots_of_authors(const Corpus& corpus) {
  Rows<std::uint64_t> slots;
  slots.offsets.assign(corpus.authors.size() + 1, 0);
  for (const Index author : corpus.byline.values) ++slots.offsets[author + std::size_t{1}];
  std::partial_sum(slots.offsets.begin(), slots.offsets.end(), slots.offsets.begin());
  slots.values.resize(corpus.byline.values.size());
  std::vector<std::uint64_t> next(slots.offsets.begin(), slots.offsets.end() - 1);
  for (std::uint64_t slot = 0; slot < corpus.byline.values.size(); ++slot) {
    slots.values[next[corpus.byline.values[slot]]++] = slot;
  }
  return slots;
}

/// What stands at each institution; the last entry is for what stands at none.
struct Tally {
  std::vector<std::int64_t> works;
  std::vector<std::int64_t> authors;
  std::vector<double> credit;
};

/// Adds 1 to each institution once per `number`.
class CountOnce {
 public:
  explicit CountOnce(std::vector<std::int64_t>& counts) : m_counts(counts), m_last(counts.size(), k_none) {}
  void operator()(Index institution, Index number) {
    if (m_last[institution] == number) return;
    m_last[institution] = number;
    ++m_counts[institution];
  }

 private:
  std::vector<std::int64_t>& m_counts;
  std::vector<Index> m_last;
};

Tally tally(const Corpus& corpus, Reach reach) {
  const auto unknown = static_cast<Index>(corpus.institutions.size());
  const std::size_t lines = corpus.institutions.size() + 1;
  Tally result{std::vector<std::int64_t>(lines, 0), std::vector<std::int64_t>(lines, 0),
               std::vector<double>(lines, 0.0)};
  CountOnce count_work(result.works);
  for (Index work = 0; work < corpus.works.size(); ++work) {
    const auto n = static_cast<double>(corpus.works[work].author_count);
    const auto told = static_cast<double>(corpus.byline[work].size());
    for (std::uint64_t slot = corpus.byline.offsets[work]; slot < corpus.byline.offsets[work + 1]; ++slot) {
      for_each_share(corpus, slot, reach, unknown, [&](Index institution, double share) {
        count_work(institution, work);
        result.credit[institution] += share / n;
      });
    }
    if (n > told) {
      count_work(unknown, work);
      result.credit[unknown] += (n - told) / n;
    }
  }
  CountOnce count_author(result.authors);
  const Rows<std::uint64_t> slots = slots_of_authors(corpus);
  for (Index author = 0; author < corpus.authors.size(); ++author) {
    for (const std::uint64_t slot : slots[author]) {
      for_each_share(corpus, slot, reach, unknown,
                     [&](Index institution, double) { count_author(institution, author); });
    }
  }
  return result;
}

std::string_view kind_name(CorpusInstitution::Kind kind) {
  switch (kind) {
    case CorpusInstitution::Kind::watched:
      return "watched";
    case CorpusInstitution::Kind::source:
      return "source";
    case CorpusInstitution::Kind::printed:
      break;
  }
  return "printed";
}

void add_descriptions(Table& table, const Corpus& corpus) {
  auto& key = texts(table, "key", "key of the institution; (unknown) where none is known");
  auto& name = texts(table, "name", "name of the institution");
  auto& kind = texts(table, "kind", "watched, source, printed, or unknown");
  auto& parents = texts(table, "parents", "keys of the institutions above it, joined by ;");
  auto& openalex = texts(table, "openalex", "OpenAlex id");
  auto& ror = texts(table, "ror", "ROR id");
  auto& country = texts(table, "country", "country, ISO 3166 alpha-2");
  const auto add = [&](const CorpusInstitution& institution, std::string_view of_kind) {
    key.push_back(institution.key);
    name.push_back(institution.name);
    kind.emplace_back(of_kind);
    List above;
    for (const Index ancestor : institution.ancestors) above.add_key(corpus.institutions[ancestor].key);
    parents.push_back(above.text());
    openalex.push_back(institution.openalex);
    ror.push_back(institution.ror);
    country.push_back(institution.country);
  };
  for (const CorpusInstitution& institution : corpus.institutions) {
    add(institution, kind_name(institution.kind));
  }
  if (corpus.works.empty()) return;
  CorpusInstitution unknown;
  unknown.key = unknown.name = k_unknown;
  add(unknown, "unknown");
}

}  // namespace

Table institutions(const Study& study, const Measured& measured, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  Table table{"institutions", "one line per institution, and one for authorships without", {"key"}, {}};
  add_descriptions(table, corpus);
  const std::size_t lines = table.rows();
  const auto fill = [&](auto& cells, const auto& values) {
    cells.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(lines));
  };
  const Tally printed = tally(corpus, Reach::printed);
  fill(integers(table, "works", "works that print it", "works"), printed.works);
  fill(integers(table, "authors", "distinct authors who print it", "authors"), printed.authors);
  fill(integers(table, "credit_full", "credit, 1 for each work that prints it", "works"), printed.works);
  fill(reals(table, "credit_fractional", "credit, the work's authors share 1", "works"), printed.credit);
  const Tally lineage = tally(corpus, Reach::lineage);
  fill(integers(table, "works_lineage", "works that print it or one below it", "works"), lineage.works);
  fill(integers(table, "authors_lineage", "distinct authors who print it or one below it", "authors"),
       lineage.authors);
  fill(reals(table, "credit_fractional_lineage", "fractional credit of it and those below it", "works"),
       lineage.credit);
  std::vector<Index> vertices(corpus.institutions.size());
  std::iota(vertices.begin(), vertices.end(), Index{0});
  vertices.resize(lines, k_none);
  add_metrics(table, measured.institutions, vertices);
  return table;
}

}  // namespace coterie::table
