#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "coterie/util/text.hpp"
#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

/// Examples that a line of the summary gives.
constexpr std::size_t k_examples = 3;

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// Distinct keys among the lines of a kind: a work may have several lines.
std::size_t keys_of(const Lines& lines, std::string_view kind) {
  std::set<std::string_view> keys;
  for (const Change& line : lines) {
    if (line.kind == kind) keys.insert(line.key);
  }
  return keys.size();
}

/// " (3 of Daya Guo, 1 of Runxin Xu)": the people with most new works.
std::string owners(const Lines& lines, const Tables& tables) {
  std::map<std::string, std::size_t> works;
  for (const Change& line : lines) {
    if (line.kind != kind::k_new_work) continue;
    for (const std::string& person : list_of(line.person)) ++works[person];
  }
  const Table& people = tables["people"];
  const Column::Texts& keys = texts(people, "key");
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // works, row
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (const auto found = works.find(keys[row]); found != works.end())
      ranked.emplace_back(found->second, row);
  }
  std::ranges::stable_sort(ranked, std::greater(), [](const auto& entry) { return entry.first; });
  std::vector<std::string> parts;
  for (const auto& [count, row] : ranked) {
    if (parts.size() == k_examples) break;
    parts.push_back(fmt::format("{} of {}", count, texts(people, "name")[row]));
  }
  return parts.empty() ? "" : " (" + text::join(parts, ", ") + ")";
}

std::string works_line(const Lines& lines, const Tables& tables) {
  const auto count = [&](std::string_view kind) {
    return static_cast<std::uint64_t>(std::ranges::count(lines, kind, &Change::kind));
  };
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t number, std::string_view one, std::string_view many,
                       const std::string& more = "") {
    if (number > 0) parts.push_back(counted(number, one, many) + more);
  };
  add(count(kind::k_new_person), "new person", "new people");
  add(count(kind::k_vanished_person), "person gone", "people gone");
  add(count(kind::k_new_work), "new work", "new works", owners(lines, tables));
  add(count(kind::k_vanished_work), "work gone", "works gone");
  add(count(kind::k_merged_work), "merged work", "merged works");
  add(keys_of(lines, kind::k_changed_work), "changed work", "changed works");
  add(count(kind::k_new_coauthor), "new co-author", "new co-authors");
  add(count(kind::k_affiliation), "changed affiliation", "changed affiliations");
  return text::join(parts, ", ");
}

/// Two numbers for people: three digits, or as many as it takes to tell them apart.
std::string moved(const Change& line) {
  const double before = real_of(line.before);
  const double after = real_of(line.after);
  for (int digits = 3;; ++digits) {
    const std::string from = fmt::format("{:.{}g}", before, digits);
    const std::string to = fmt::format("{:.{}g}", after, digits);
    if (from != to || digits == std::numeric_limits<double>::max_digits10)
      return fmt::format("{} -> {}", from, to);
  }
}

/// Of each metric the one who moved most; of these the ones whose rank moved most.
std::vector<std::string> metric_lines(const Lines& lines) {
  std::vector<const Change*> firsts;
  for (const Change& line : lines) {
    if (line.kind == kind::k_metric && (firsts.empty() || firsts.back()->what != line.what))
      firsts.push_back(&line);
  }
  std::ranges::stable_sort(firsts, std::greater(),
                           [](const Change* line) { return std::abs(line->rank_after - line->rank_before); });
  firsts.resize(std::min(k_examples, firsts.size()));
  std::vector<std::string> result;
  for (const Change* line : firsts) {
    result.push_back(fmt::format("{} moved most for {} ({}, rank {} -> {})", line->what, line->name,
                                 moved(*line), line->rank_before, line->rank_after));
  }
  return result;
}

std::string community_line(const Lines& lines) {
  std::vector<std::string> parts;
  std::size_t all = 0;
  for (const Change& line : lines) {
    if (line.kind != kind::k_community || ++all > k_examples) continue;
    parts.push_back(fmt::format("of {} is now {} (was {})", line.name, line.after, line.before));
  }
  if (parts.empty()) return {};
  return "community " + text::join(parts, ", ") +
         (all > k_examples ? fmt::format(", and {} more people moved", all - k_examples) : "");
}

std::string configuration_line(const Lines& lines) {
  std::vector<std::string> keys;
  for (const Change& line : lines) {
    if (line.kind == kind::k_configuration) keys.push_back(line.what);
  }
  return keys.empty() ? "" : "configuration changed: " + text::join(keys, ", ");
}

}  // namespace

std::vector<std::string> summary_of(const Lines& lines, const RunManifest::Comparison& told,
                                    const Tables& tables) {
  std::vector<std::string> result{works_line(lines, tables)};
  for (std::string& line : metric_lines(lines)) result.push_back(std::move(line));
  result.push_back(community_line(lines));
  result.push_back(configuration_line(lines));
  for (const std::string& reason : told.not_compared) result.push_back("not compared: " + reason);
  std::erase(result, "");
  if (result.empty())
    result.emplace_back("no change in works, co-authors, affiliations, metrics or communities");
  return result;
}

}  // namespace coterie::changes
