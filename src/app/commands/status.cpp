#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "src/app/analysis_run.hpp"
#include "src/app/answers_status.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_runs_shown = 5;

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  add_json_option(app, options);
}

/// How many people have an identity of each status, per source; a person counts with the best.
std::map<std::string, std::map<std::string, std::size_t>> people_by_status(const Dataset& dataset) {
  std::map<std::pair<std::string, std::string>, Identity::Status> best;
  for (const Identity& identity : dataset.identities()) {
    const auto [entry, fresh] = best.emplace(std::pair{identity.source, identity.person}, identity.status);
    if (!fresh) entry->second = std::min(entry->second, identity.status);
  }
  std::map<std::string, std::map<std::string, std::size_t>> counts;
  for (const auto& [who, status] : best) ++counts[who.first][std::string(to_string(status))];
  return counts;
}

std::string newest_report(const StudyFile& study) {
  std::error_code failure;
  const auto target = std::filesystem::read_symlink(study.reports() / "latest", failure);
  return failure ? std::string() : (study.reports() / target).string();
}

void print_json(const StudyFile& study, const Dataset& dataset, Console& console) {
  Json out{{"study", study.folder.string()},
           {"fingerprint", dataset.fingerprint()},
           {"report", newest_report(study)}};
  out["sources"] = Json::array();
  for (const SourceState& s : dataset.sources()) {
    out["sources"].push_back({{"source", s.source},
                              {"records", s.records},
                              {"vanished", s.vanished},
                              {"merged", s.merged},
                              {"authorships", s.authorships},
                              {"truncated_bylines", s.truncated_bylines},
                              {"unknown_affiliations", s.unknown_affiliations},
                              {"newest_fetch", s.newest_fetch}});
  }
  out["people"] = people_by_status(dataset);
  out["queries"] = Json::array();
  for (const QueryState& q : dataset.queries()) {
    out["queries"].push_back({{"source", q.source},
                              {"query", q.key},
                              {"lookup", q.lookup},
                              {"people", q.people},
                              {"complete", q.complete},
                              {"complete_as_of", q.complete_as_of},
                              {"last_run", q.last_run},
                              {"expected", q.expected ? Json(*q.expected) : Json(nullptr)},
                              {"fetched", q.fetched},
                              {"rejected", q.rejected},
                              {"calls", q.calls},
                              {"cost_usd", q.cost}});
  }
  out["allowances"] = Json::array();
  for (const AllowanceState& a : dataset.allowances()) {
    out["allowances"].push_back({{"source", a.source},
                                 {"remaining_usd", a.remaining},
                                 {"limit_usd", a.limit ? Json(*a.limit) : Json(nullptr)},
                                 {"told_at", a.told_at},
                                 {"renewed_at", a.renewed_at}});
  }
  out["runs"] = Json::array();
  for (const RunState& r : dataset.newest_runs(k_runs_shown)) {
    out["runs"].push_back({{"command", r.command},
                           {"began", r.began},
                           {"ended", r.ended},
                           {"exit", r.exit ? Json(*r.exit) : Json(nullptr)},
                           {"calls", r.calls},
                           {"cost_usd", r.cost},
                           {"new", r.added},
                           {"changed", r.changed},
                           {"vanished", r.vanished},
                           {"merged", r.merged},
                           {"gaps", r.gaps}});
  }
  out["imports"] = Json::array();
  for (const ImportState& i : dataset.imports()) {
    out["imports"].push_back({{"file", i.file},
                              {"sha256", i.sha256},
                              {"format", i.format},
                              {"at", i.at},
                              {"works", i.works},
                              {"rejected", i.rejected}});
  }
  out["gaps"] = Json::array();
  for (const Gap& g : dataset.gaps()) {
    out["gaps"].push_back({{"source", g.source},
                           {"query", g.query},
                           {"people", g.people},
                           {"reason", g.reason},
                           {"exit", exit_code(g.kind)},
                           {"since", g.since},
                           {"expected", g.expected ? Json(*g.expected) : Json(nullptr)},
                           {"fetched", g.fetched}});
  }
  if (const auto answers = kept_answers_of(study)) {
    out["answers"] = {{"runs", answers->runs},
                      {"answers", answers->answers},
                      {"bytes", answers->bytes},
                      {"content_bytes", answers->content},
                      {"oldest", answers->oldest},
                      {"dropped_runs", answers->dropped_runs},
                      {"dropped_answers", answers->dropped_answers},
                      {"dropped_at", answers->dropped_at}};
  }
  console.raw(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_text(const StudyFile& study, const Dataset& dataset, Console& console) {
  for (const SourceState& s : dataset.sources()) {
    console.result(fmt::format(
        "{}: {} works, {} authorships ({} without affiliation), {} truncated bylines, newest of {}", s.source,
        s.records, s.authorships, s.unknown_affiliations, s.truncated_bylines, s.newest_fetch));
    if (s.vanished + s.merged > 0) {
      console.result(
          fmt::format("  {} works are not there any more (kept), {} went into others", s.vanished, s.merged));
    }
  }
  for (const AllowanceState& a : dataset.allowances()) {
    console.result(fmt::format("{}: ${:.4f} of the allowance left as of {}{}", a.source, a.remaining,
                               a.told_at, a.renewed_at.empty() ? "" : ", renewed at " + a.renewed_at));
  }
  for (const auto& [source, statuses] : people_by_status(dataset)) {
    std::string line = source + ": people";
    for (const auto& [status, count] : statuses) line += fmt::format(" {} {}", count, status);
    console.result(line + fmt::format(" of {}", study.roster.people.size()));
  }
  for (const QueryState& q : dataset.queries()) {
    console.result(fmt::format("  {}: {}: {}{}", q.source, q.key,
                               q.expected ? fmt::format("{} of {} records", q.fetched, *q.expected)
                                          : fmt::format("{} records", q.fetched),
                               q.complete ? ", complete as of " + q.complete_as_of : ", not complete"));
  }
  for (const ImportState& i : dataset.imports()) {
    console.result(
        fmt::format("  imported {}: {} works, {} rejected, at {}", i.file, i.works, i.rejected, i.at));
  }
  const std::vector<Gap> gaps = dataset.gaps();
  if (gaps.empty()) console.result("no gaps");
  for (const Gap& g : gaps) {
    console.result(fmt::format("gap since {}: {}: {} ({})", g.since, g.source, g.reason, g.query));
  }
  for (const RunState& r : dataset.newest_runs(k_runs_shown)) {
    console.result(fmt::format("run of {} ({}): {}, {} calls, {} new, {} changed, {} gaps", r.began,
                               r.command, r.exit ? fmt::format("exit {}", *r.exit) : "not ended", r.calls,
                               r.added, r.changed, r.gaps));
  }
  if (const auto answers = kept_answers_of(study)) console.result(in_words(*answers));
  const std::string report = newest_report(study);
  console.result(report.empty() ? "no report yet" : "newest report: " + report);
}

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  const Dataset dataset = stored_dataset(study);
  if (options.json) {
    print_json(study, dataset, console);
  } else {
    print_text(study, dataset, console);
  }
  return 0;
}

}  // namespace

Command status_command() {
  return {"status", "what the dataset holds, as of when, and what is missing", "coterie status my-study",
          setup, run};
}

}  // namespace coterie
