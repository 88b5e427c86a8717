#include <fmt/format.h>

#include <algorithm>

#include "src/app/asking.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

bool is_recent(const std::string& completed_at, const std::string& now, std::chrono::hours repeat_after) {
  const auto then = parse_utc_timestamp(completed_at);
  const auto moment = parse_utc_timestamp(now);
  // A time in the future is a clock that was wrong, and no reason to wait for it.
  return then && moment && *then <= *moment && *moment - *then < std::chrono::seconds(repeat_after).count();
}

/// Asks a source one query after another; what it refuses for good leaves the rest as gaps.
class Round {
 public:
  Round(Asking& asking, Dataset& dataset, const Options& options, Console& console, UpdateResult& result)
      : m_asking(asking), m_dataset(dataset), m_options(options), m_console(console), m_result(result) {}

  void ask(const std::vector<Query>& queries) {
    for (const Query& query : queries) {
      m_planned.push_back(query.key());
      if (m_stopped) {
        leave(query);
      } else if (!fresh(query)) {
        ask(query);
      }
    }
    m_console.progress_done();
  }

  /// Keys of every query of the round, asked or not.
  [[nodiscard]] const std::vector<std::string>& planned() const { return m_planned; }

 private:
  bool fresh(const Query& query) {
    const auto repeat_after = m_asking.source->traits().repeat_after;
    const QueryProgress progress = m_dataset.progress(query);
    if (m_options.fresh || !progress.complete ||
        !is_recent(progress.completed_at, m_asking.pacing->now(), repeat_after)) {
      return false;
    }
    m_console.detail(
        fmt::format("{}: asked at {}, its answers change once a day", query.source, progress.completed_at));
    return true;
  }

  void ask(const Query& query) {
    const HarvestOutcome outcome = harvest(*m_asking.source, query, m_dataset, m_asking.tools);
    m_console.event("harvested", {{"src", query.source},
                                  {"query", query.key()},
                                  {"records", std::to_string(outcome.fetched)},
                                  {"rejected", std::to_string(outcome.rejected)},
                                  {"calls", std::to_string(outcome.calls)},
                                  {"gap", outcome.reason}});
    m_result.add(outcome);
    if (outcome.stop_source) m_stopped = outcome;
  }

  void leave(const Query& query) {
    HarvestOutcome outcome;
    outcome.state = HarvestOutcome::State::failed;
    outcome.kind = m_stopped->kind;
    outcome.reason = "not asked: " + m_stopped->reason;
    m_dataset.finish(query, outcome);
    m_result.add(outcome);
  }

  Asking& m_asking;
  Dataset& m_dataset;
  const Options& m_options;
  Console& m_console;
  UpdateResult& m_result;
  std::optional<HarvestOutcome> m_stopped;
  std::vector<std::string> m_planned;
};

}  // namespace

void fetch(const StudyFile& study, Dataset& dataset, const Options& options, Console& console,
           UpdateResult& result) {
  if (options.fresh) dataset.forget_cursors();
  for (const auto& [name, settings] : study.sources) {
    Asking asking(study, name, options, console);
    Round round(asking, dataset, options, console, result);
    Scope scope = scope_of(study, asking.source->traits(), dataset.identities());
    round.ask(asking.source->plan(scope));
    const bool coauthors =
        std::find(study.works_of.begin(), study.works_of.end(), WorksOf::coauthors) != study.works_of.end();
    if (coauthors && asking.source->traits().author_ids) {
      std::vector<std::string> ids;
      for (const Scope::Who& who : scope.people)
        ids.insert(ids.end(), who.author_ids.begin(), who.author_ids.end());
      Scope theirs;
      theirs.window = study.window;
      theirs.coauthor_ids = dataset.coauthor_ids(name, ids);
      round.ask(asking.source->plan(theirs));
    }
    // Gaps of questions that the study no longer asks are no gaps.
    dataset.retire_queries(name, round.planned());
  }
}

}  // namespace coterie
