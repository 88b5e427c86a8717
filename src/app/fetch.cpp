#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "src/app/asking.hpp"
#include "src/app/fetch_plan.hpp"
#include "src/app/searches.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

/// A pass that is older is not gone on with: what was answered at its beginning is no news any more.
constexpr std::chrono::hours k_longest_pass{60 * 24};

std::string dollars(double amount) { return fmt::format("${:.4f}", amount); }

/// Asks a source one query after another; what it refuses for good leaves the rest as gaps.
class Round {
 public:
  Round(Asking& asking, Dataset& dataset, const Options& options, Console& console, UpdateResult& result)
      : m_asking(asking),
        m_dataset(dataset),
        m_options(options),
        m_console(console),
        m_result(result),
        m_tools(asking.tools),
        m_pass(going_on(asking, dataset, options)) {
    m_tools.report = [this](const HarvestNews& news) { tell(news); };
    for (const QueryState& query : dataset.queries()) {
      if (query.source == asking.source->traits().name && query.expected)
        m_expected[query.key] = *query.expected;
    }
  }

  void ask(const std::vector<Query>& queries) {
    std::vector<const Query*> due;
    for (const Query& query : queries) {
      m_planned.push_back(query.key());
      if (!fresh(query)) due.push_back(&query);
    }
    announce(due);
    for (const Query* query : due) {
      const std::uint64_t expected = m_expected[query->key()];
      m_total += expected;
      m_open += expected == 0 ? 1 : 0;
    }
    for (const Query* query : due) {
      if (m_stopped) {
        leave(*query);
      } else {
        ask(*query);
      }
    }
    m_console.progress_done();
  }

  /// Whether every question was put to the source, whatever it answered.
  [[nodiscard]] bool whole() const { return !m_stopped; }

  /// Keys of every query of the round, asked or not.
  [[nodiscard]] const std::vector<std::string>& planned() const { return m_planned; }

 private:
  /// When the pass began that this round goes on with, because an earlier run was cut short in it; empty if
  /// it is a new one.
  static std::string going_on(Asking& asking, Dataset& dataset, const Options& options) {
    const std::string source(asking.source->traits().name);
    std::string began = dataset.open_pass(source);
    const bool old = !is_recent(began, asking.pacing->now(), k_longest_pass);
    if (options.fresh || old) {
      dataset.begin_pass(source);
      began.clear();
    }
    return began;
  }

  /// Whether the query need not be asked now.
  bool fresh(const Query& query) {
    const auto repeat_after = m_asking.source->traits().repeat_after;
    const QueryProgress progress = m_dataset.progress(query);
    if (m_options.fresh || !progress.complete) return false;
    if (!m_pass.empty() && progress.completed_at >= m_pass) return true;
    if (!is_recent(progress.completed_at, m_asking.pacing->now(), repeat_after)) return false;
    m_console.detail(
        fmt::format("{}: asked at {}, its answers change once a day", query.source, progress.completed_at));
    return true;
  }

  /// Says what the questions cost, and whether that fits into what is left of the allowance.
  void announce(const std::vector<const Query*>& due) {
    if (due.empty()) return;
    const Source& source = *m_asking.source;
    std::uint64_t calls = 0;
    double cost = 0;
    bool at_least = false;
    for (const Query* query : due) {
      const auto found = m_expected.find(query->key());
      const auto expected = found == m_expected.end() ? std::nullopt : std::optional(found->second);
      const std::uint64_t pages = pages_of(expected, source.page_size());
      at_least = at_least || !expected;
      calls += pages;
      cost += static_cast<double>(pages) * source.cost(*query);
    }
    std::string line = fmt::format("{}: {}{} call{}", source.traits().name, at_least ? "at least " : "",
                                   calls, calls == 1 ? "" : "s");
    if (cost > 0) line += ", " + dollars(cost);
    const auto& allowance = m_asking.tools.run->allowance;
    if (cost > 0 && allowance) {
      line += fmt::format("; {} are left today", dollars(allowance->remaining));
      if (cost > allowance->remaining)
        line += ", so this run stops when they are used up and the next goes on";
    }
    m_console.event("planned", {{"src", std::string(source.traits().name)},
                                {"calls", std::to_string(calls)},
                                {"cost_usd", fmt::format("{:.4f}", cost)}});
    if (!m_options.quiet) m_console.note(line);
  }

  /// Shows how far the source has come, over all its queries.
  void tell(const HarvestNews& news) {
    std::uint64_t& counted = m_expected[news.query.key()];
    if (counted == 0 && news.expected && m_open > 0) --m_open;
    if (news.expected && *news.expected != counted) {
      m_total = m_total - std::min(m_total, counted) + *news.expected;
      counted = *news.expected;
    }
    Progress progress;
    progress.what = "works";
    progress.source = news.query.source;
    progress.done = m_done + news.fetched;
    progress.total = std::max(m_total, progress.done);
    progress.at_least = m_open > 0;
    progress.calls = m_calls + news.calls;
    progress.cost = m_cost + news.cost;
    m_console.progress(progress);
  }

  void ask(const Query& query) {
    const HarvestOutcome outcome = harvest(*m_asking.source, query, m_dataset, m_tools);
    m_done += outcome.fetched;
    m_calls += outcome.calls;
    m_cost += outcome.cost;
    m_console.event("harvested", {{"src", query.source},
                                  {"query", query.key()},
                                  {"records", std::to_string(outcome.fetched)},
                                  {"new", std::to_string(outcome.added)},
                                  {"changed", std::to_string(outcome.changed)},
                                  {"vanished", std::to_string(outcome.vanished)},
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
  HarvestTools m_tools;
  std::map<std::string, std::uint64_t> m_expected;  // records by query key, as announced last
  std::uint64_t m_total = 0;                        // records of the round, as far as announced
  std::uint64_t m_open = 0;                         // queries of which nothing was announced yet
  std::uint64_t m_done = 0;                         // records of the queries that are done
  std::uint64_t m_calls = 0;                        // of the queries that are done
  double m_cost = 0;
  std::string m_pass;  // when the pass began that is gone on with, or empty
  std::optional<HarvestOutcome> m_stopped;
  std::vector<std::string> m_planned;
};

}  // namespace

void fetch(const StudyFile& study, Dataset& dataset, Transport& transport, const Options& options,
           Console& console, UpdateResult& result) {
  if (options.fresh) dataset.forget_cursors();
  for (const auto& [name, settings] : study.sources) {
    Asking asking(study, name, transport, console, result.sources[name]);
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
    if (round.whole()) dataset.end_pass(name);
    keep_allowance(name, result.sources[name], dataset);
  }
}

}  // namespace coterie
