#include "coterie/changes.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/util/sha256.hpp"
#include "coterie/writer.hpp"
#include "src/report/changes/parts.hpp"

namespace coterie {
namespace {

using namespace changes;

/// Every kind in the order of the lines, with the name of its count in run.json.
constexpr std::array<std::pair<std::string_view, const char*>, 13> k_kinds{{
    {kind::k_not_compared, "not_compared_files"},
    {kind::k_configuration, "configuration"},
    {kind::k_new_person, "new_people"},
    {kind::k_vanished_person, "vanished_people"},
    {kind::k_identity, "identities"},
    {kind::k_new_work, "new_works"},
    {kind::k_vanished_work, "vanished_works"},
    {kind::k_merged_work, "merged_works"},
    {kind::k_changed_work, "changed_works"},
    {kind::k_new_coauthor, "new_coauthors"},
    {kind::k_affiliation, "affiliations"},
    {kind::k_metric, "metrics"},
    {kind::k_community, "communities"},
}};

Table table_of(const Lines& lines) {
  Table table{
      "changes", "one line per change against the report before", {"kind", "person", "key", "what"}, {}};
  const auto add_texts = [&](const char* id, const char* label, auto field) {
    auto& cells = std::get<Column::Texts>(table.add_text(id, label).values);
    for (const Change& line : lines) cells.emplace_back(line.*field);
  };
  const auto add_reals = [&](const char* id, const char* label, const char* unit, double Change::*field) {
    auto& cells = std::get<Column::Reals>(table.add_real(id, label, unit).values);
    for (const Change& line : lines) cells.push_back(line.*field);
  };
  const auto add_integers = [&](const char* id, const char* label, std::int64_t Change::*field) {
    auto& cells = std::get<Column::Integers>(table.add_integer(id, label).values);
    for (const Change& line : lines) cells.push_back(line.*field);
  };
  add_texts("kind", "kind of change", &Change::kind);
  add_texts("person", "key of people.csv; for a work keys joined by ;", &Change::person);
  add_texts("key", "key of the work, or of the co-author", &Change::key);
  add_texts("name", "title of the work, name of the co-author, else of the person", &Change::name);
  add_texts("what", "column, metric, configuration key or file that differs", &Change::what);
  add_texts("before", "its value in the report before", &Change::before);
  add_texts("after", "its value in this report", &Change::after);
  add_reals("change", "of a metric, after less before; of a co-author, the number of joint works", "",
            &Change::change);
  add_reals("relative", "of a metric, change / before", "share", &Change::relative);
  add_integers("rank_before", "of a metric, rank among all authors in the report before, 1 is the largest",
               &Change::rank_before);
  add_integers("rank_after", "the same in this report", &Change::rank_after);
  return table;
}

/// The file that a message of a comparison names.
std::string file_of(const std::string& reason) { return reason.substr(0, reason.find(':')); }

}  // namespace

Changes changes_since(const PreviousReport& before, std::span<const Table> tables,
                      const std::vector<std::pair<std::string, std::string>>& configuration,
                      std::span<const std::string> metrics, std::vector<std::string> not_compared) {
  const Tables now(tables);
  Lines lines;
  const auto add = [&](const std::function<void(Lines&)>& part) {
    Lines found;
    try {
      part(found);
    } catch (const Error& error) {
      if (!is_the_files_fault(error)) throw;
      not_compared.emplace_back(error.what());
      return;
    }
    std::ranges::move(found, std::back_inserter(lines));
  };
  if (before.told) {
    add_configuration(before, configuration, lines);
  } else {
    not_compared.emplace_back("run.json: cannot be read");
  }
  std::optional<std::set<std::string, std::less<>>> people;
  add([&](Lines& found) { people = add_people(before, now, found); });
  add([&](Lines& found) { add_works(before, now, found); });
  add([&](Lines& found) { add_coauthors(before, now, people, found); });
  add([&](Lines& found) { add_affiliations(before, now, found); });
  add([&](Lines& found) { add_metrics(before, now, metrics, found); });

  // One reason for each file: what several parts read is broken for all of them.
  std::ranges::stable_sort(not_compared, {}, file_of);
  const auto repeated = std::ranges::unique(not_compared, {}, file_of);
  not_compared.erase(repeated.begin(), repeated.end());
  Lines missing;
  for (const std::string& reason : not_compared) {
    missing.push_back({.kind = kind::k_not_compared, .name = reason, .what = file_of(reason)});
  }
  lines.insert(lines.begin(), std::make_move_iterator(missing.begin()),
               std::make_move_iterator(missing.end()));

  Changes result{table_of(lines), {before.name, {}, std::move(not_compared), {}}};
  for (const auto& [of, name] : k_kinds) {
    result.told.counts.emplace_back(name, std::ranges::count(lines, of, &Change::kind));
  }
  result.told.summary = summary_of(lines, result.told, now);
  return result;
}

bool same_content(const PreviousReport& before, const Report& report, std::span<const std::string> but) {
  const auto same = [&](const std::string& file, const std::function<void(const Sink&)>& write) {
    if (std::ranges::find(but, file) != but.end()) return true;
    const auto published = before.sha256.find(file);
    if (published == before.sha256.end()) return false;
    Sha256 digest;
    write([&](std::string_view bytes) { digest.update(bytes); });
    return digest.hex() == published->second;
  };
  const auto same_table = [&](const std::string& name, const Table& table) {
    return same(name + ".csv", [&](const Sink& sink) { write_csv(table, report.style, sink); });
  };
  for (const Table& table : report.tables) {
    if (!same_table(table.name, table)) return false;
  }
  for (const LabelledMatrix& matrix : report.matrices) {
    const bool equal = same("matrix/" + matrix.name + ".mtx", [&](const Sink& sink) {
      write_matrix_market(matrix.matrix, matrix.comment, sink);
    });
    if (!equal) return false;
    for (const auto& [name, table] : matrix.labels) {
      if (!same_table("matrix/" + name, table)) return false;
    }
  }
  return true;
}

}  // namespace coterie
