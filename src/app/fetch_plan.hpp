#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/study_file.hpp"

namespace coterie {

/// A kind of question that a run will ask.
struct PlannedStep {
  std::string what;  ///< look people up, works of people, ...
  std::uint64_t queries = 0;
  std::uint64_t calls = 0;
  double cost = 0;        ///< US dollars
  bool at_least = false;  ///< the number of pages is not known before the source is asked
};

/// What one source will be asked.
struct SourcePlan {
  std::string source;
  std::vector<PlannedStep> steps;
  std::uint64_t calls = 0;
  double cost = 0;
  std::uint64_t seconds = 0;  ///< that the calls take at the source's pace
  bool has_key = false;
  std::string key_note;                     ///< for people: which variable a missing key is looked for in
  std::optional<AllowanceState> allowance;  ///< as the source told it last, if that was today
};

/// Calls that a query takes: the pages of what it is expected to bring, at least one.
[[nodiscard]] std::uint64_t pages_of(std::optional<std::uint64_t> expected, int page_size);

/// The plan of the next run, from the roster and what the dataset holds: people not looked up yet count as
/// one author record each, searches of the last week are not repeated; pages are counted from what the source
/// announced last time, otherwise one per query. Asks no source.
[[nodiscard]] std::vector<SourcePlan> fetch_plan(const StudyFile& study);

}  // namespace coterie
