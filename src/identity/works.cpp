#include "src/identity/works.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace coterie {
namespace {

/// Disjoint sets with path halving and union by size.
class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : m_parent(size), m_size(size, 1) {
    std::iota(m_parent.begin(), m_parent.end(), std::size_t{0});
  }

  std::size_t find(std::size_t element) {
    while (m_parent[element] != element) {
      m_parent[element] = m_parent[m_parent[element]];
      element = m_parent[element];
    }
    return element;
  }

  void unite(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    if (a == b) return;
    if (m_size[a] < m_size[b]) std::swap(a, b);
    m_parent[b] = a;
    m_size[a] += m_size[b];
  }

 private:
  std::vector<std::size_t> m_parent;
  std::vector<std::size_t> m_size;
};

int rank_of(const std::string& source) { return source == "openalex" ? 0 : source == "arxiv" ? 1 : 2; }

/// What a record tells, in the order in which records of one work are trusted: what its source has still
/// comes first. The fields behind the id only matter if a source tells one id twice.
auto order_key(const Record& record, const StringPool& texts) {
  const std::string& source = texts[record.source];
  return std::make_tuple(!record.vanished.empty(), rank_of(source), std::string_view(source),
                         std::string_view(record.id), std::string_view(record.title), record.year,
                         std::string_view(record.date), record.truncated, record.mention_count,
                         record.author_count, std::string_view(record.doi), std::string_view(record.arxiv));
}

void fill(std::string& field, const std::string& told) {
  if (field.empty()) field = told;
}

/// The smallest identifier of a scheme, empty if there is none.
std::string smallest(const std::vector<std::string>& sorted_ids, std::string_view scheme) {
  const auto found = std::lower_bound(sorted_ids.begin(), sorted_ids.end(), scheme);
  return found != sorted_ids.end() && found->starts_with(scheme) ? *found : std::string();
}

}  // namespace

std::vector<std::string> identifiers(const Record& record, const StringPool& texts) {
  std::vector<std::string> ids;
  const std::string& source = texts[record.source];
  // The arXiv id of a record of arXiv is its id in the source.
  const bool own_is_arxiv = source == "arxiv" && !record.arxiv.empty();
  if (!record.id.empty() && !own_is_arxiv) ids.push_back(source + ":" + record.id);
  if (!record.doi.empty()) ids.push_back("doi:" + record.doi);
  if (!record.arxiv.empty()) ids.push_back("arxiv:" + record.arxiv);
  return ids;
}

std::vector<WorkRecords> group_works(const Records& records) {
  const std::vector<Record>& all = records.all();
  UnionFind sets(all.size());
  std::unordered_map<std::string, std::size_t> first_with;
  first_with.reserve(all.size() * 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::string& id : identifiers(all[i], records.texts())) {
      const auto [known, fresh] = first_with.emplace(std::move(id), i);
      if (!fresh) sets.unite(known->second, i);
    }
  }
  std::vector<std::size_t> number_of(all.size(), SIZE_MAX);
  std::vector<WorkRecords> works;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::size_t& number = number_of[sets.find(i)];
    if (number == SIZE_MAX) {
      number = works.size();
      works.emplace_back();
    }
    works[number].push_back(&all[i]);
  }
  for (WorkRecords& work : works) {
    std::sort(work.begin(), work.end(), [&](const Record* a, const Record* b) {
      return order_key(*a, records.texts()) < order_key(*b, records.texts());
    });
  }
  return works;
}

CorpusWork merged_work(const WorkRecords& work, const StringPool& texts) {
  CorpusWork merged;
  std::set<std::string> ids;
  std::set<std::string> sources;
  std::optional<int> year;
  for (const Record* record : work) {
    for (std::string& id : identifiers(*record, texts)) ids.insert(std::move(id));
    sources.insert(texts[record->source]);
    fill(merged.title, record->title);
    fill(merged.venue, record->venue);
    fill(merged.type, record->type);
    if (!year) year = record->year;
  }
  merged.year = year.value_or(0);
  for (const Record* record : work) {
    if (record->year == year) fill(merged.date, record->date);
  }
  merged.ids.assign(ids.begin(), ids.end());
  merged.sources.assign(sources.begin(), sources.end());
  merged.key = smallest(merged.ids, "doi:");
  if (merged.key.empty()) merged.key = smallest(merged.ids, "arxiv:");
  if (merged.key.empty()) merged.key = texts[work.front()->source] + ":" + work.front()->id;
  return merged;
}

}  // namespace coterie
