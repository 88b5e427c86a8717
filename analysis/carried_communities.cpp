#include "coterie/carried_communities.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace coterie {
namespace {

using Pair = std::pair<std::int64_t, std::int64_t>;

/// New community -> the earlier one it goes on with.
std::map<std::int64_t, std::int64_t> matches(const std::vector<Pair>& sorted) {
  std::map<std::int64_t, std::int64_t> size;
  std::map<std::int64_t, std::int64_t> size_before;
  for (const auto& [community, before] : sorted) {
    ++size[community];
    ++size_before[before];
  }
  std::map<std::int64_t, std::int64_t> result;
  for (auto run = sorted.begin(); run != sorted.end();) {
    const auto end = std::find_if(run, sorted.end(), [&](const Pair& pair) { return pair != *run; });
    const std::int64_t both = end - run;
    // both / (size + size_before - both) > 1/2, in whole numbers
    if (3 * both > size[run->first] + size_before[run->second]) result.insert(*run);
    run = end;
  }
  return result;
}

template <typename Item>
void carry(std::vector<Column>& columns, const std::vector<Item>& items, const CommunityNumbers& before) {
  const auto column = std::ranges::find(columns, "community", &Column::id);
  if (column == columns.end()) return;
  auto& numbers = std::get<Column::Integers>(column->values);
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const Item& item : items) keys.push_back(item.key);
  std::vector<std::int64_t> carried = carried_numbers(numbers, keys, before);
  if (carried == numbers) return;
  numbers = std::move(carried);
  column->label = "densely linked part, under its number in the report before";
}

}  // namespace

std::vector<std::int64_t> carried_numbers(std::span<const std::int64_t> communities,
                                          std::span<const std::string> keys, const CommunityNumbers& before) {
  std::vector<std::int64_t> result(communities.begin(), communities.end());
  if (before.empty()) return result;
  std::vector<Pair> known;
  for (std::size_t v = 0; v < communities.size(); ++v) {
    const auto found = before.find(keys[v]);
    if (found != before.end()) known.emplace_back(communities[v], found->second);
  }
  std::ranges::sort(known);
  std::map<std::int64_t, std::int64_t> number = matches(known);
  std::int64_t next = 0;
  for (const auto& [key, label] : before) next = std::max(next, label);
  std::vector<std::int64_t> own(result);
  std::ranges::sort(own);
  own.erase(std::ranges::unique(own).begin(), own.end());
  for (const std::int64_t community : own) {
    if (!number.contains(community)) number[community] = ++next;
  }
  for (std::int64_t& community : result) community = number[community];
  return result;
}

void carry_communities(Measured& measured, const Study& study, const CommunityNumbers& authors_before,
                       const CommunityNumbers& institutions_before) {
  carry(measured.authors, study.corpus.authors, authors_before);
  carry(measured.institutions, study.corpus.institutions, institutions_before);
}

}  // namespace coterie
