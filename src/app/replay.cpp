#include "src/app/replay.hpp"

#include <fmt/format.h>

#include <numeric>

#include "coterie/answers.hpp"
#include "coterie/dataset.hpp"
#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "src/app/beginnings.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/replaying.hpp"
#include "src/app/review.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

/// Nothing that a replayed run has to say was not said by the run itself.
Options silent(const Options& options) {
  Options result = options;
  result.quiet = true;
  result.verbose = false;
  result.progress = "never";
  result.log_file.clear();
  result.max_time.clear();
  return result;
}

/// Runs through the kept runs, into a dataset in a folder of its own.
class Replay {
 public:
  Replay(const StudyFile& study, const AnswerArchive& archive, const Options& options,
         const std::filesystem::path& folder)
      : m_study(study),
        m_archive(archive),
        m_options(silent(options)),
        m_console(m_options),
        m_folder(folder),
        m_clock(0),
        m_dataset(folder / "dataset.sqlite", Dataset::Mode::read_write, [this] { return m_clock.now(); }) {}

  /// \param next the run after it, nullptr if there is none
  void run(const AnsweredRun& run, const AnsweredRun* next) {
    Replaying answers(m_archive, run, next, m_clock);
    const StudyFile study = study_of(answers, run);
    restore(answers, study);
    m_clock.set(run.began);
    Options options = m_options;
    options.fresh = run.fresh;
    UpdateResult result;
    try {
      const std::int64_t number = m_dataset.begin_run(run.command);
      if (run.resolved) resolve(study, m_dataset, answers, options, m_console, result);
      if (run.fetched) fetch(study, m_dataset, answers, options, m_console, result);
      if (run.ended) m_dataset.end_run(number, run_state(result, m_dataset));
    } catch (const CutShort&) {
      // So was the run itself, and what it had stored is stored.
    }
    m_given += answers.given();
  }

  [[nodiscard]] Dataset& dataset() { return m_dataset; }
  /// Answers that were asked for again.
  [[nodiscard]] std::uint64_t given() const { return m_given; }

 private:
  /// The study as the run had it, else as it is; in a folder of the replay, so that nothing else is written.
  StudyFile study_of(const Replaying& answers, const AnsweredRun& run) const {
    const std::filesystem::path folder = m_folder / fmt::format("study-{}", run.run);
    if (std::optional<StudyFile> kept = kept_study(answers.beginnings(), folder)) return *std::move(kept);
    StudyFile study = m_study;
    study.folder = folder;
    return study;
  }

  /// The replay has the same people by itself, unless there were runs whose answers were not kept.
  void restore(const Replaying& answers, const StudyFile& study) {
    const auto people = answers.beginnings().find("");
    if (people == answers.beginnings().end() || people->second == people_of(study, m_dataset)) return;
    restore_people(people->second, m_dataset, m_clock);
  }

  const StudyFile& m_study;
  const AnswerArchive& m_archive;
  Options m_options;
  Console m_console;
  std::filesystem::path m_folder;
  RunClock m_clock;
  Dataset m_dataset;
  std::uint64_t m_given = 0;
};

std::unique_ptr<AnswerArchive> kept_answers(const StudyFile& study) {
  std::error_code failure;
  std::unique_ptr<AnswerArchive> archive;
  if (std::filesystem::exists(study.answers(), failure))
    archive = std::make_unique<AnswerArchive>(study.answers(), AnswerArchive::Mode::read_only);
  if (archive && archive->state().answers > 0) return archive;
  throw Error(
      ErrorKind::no_input,
      fmt::format("no answers are kept in '{}'; every 'coterie fetch' keeps them in answers.sqlite, unless "
                  "study.toml says limit_mb = 0 in [answers]",
                  study.folder.string()));
}

/// Runs `use` on the dataset that is there already.
template <typename Use>
auto with_old_dataset(const StudyFile& study, const Use& use) {
  try {
    return use();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    throw Error(ErrorKind::data, fmt::format("{}; nothing was changed: move '{}' away and replay again",
                                             error.what(), study.dataset().string()));
  }
}

std::uint64_t works_in(const Dataset& dataset) {
  const std::vector<SourceState> sources = dataset.sources();
  return std::accumulate(sources.begin(), sources.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const SourceState& source) { return sum + source.records; });
}

/// Tells the gaps that are left. \return the exit code of the gravest
int tell_gaps(const Dataset& dataset, Console& console) {
  UpdateResult result;
  const std::vector<Gap> gaps = dataset.gaps();
  for (const Gap& gap : gaps) {
    HarvestOutcome outcome;
    outcome.state = HarvestOutcome::State::partial;
    outcome.kind = gap.kind;
    result.add(outcome);
  }
  if (!gaps.empty()) {
    console.warn(fmt::format(
        "incomplete: {}: {}{}", gaps.front().source, gaps.front().reason,
        gaps.size() > 1 ? fmt::format("; {} more gaps, see 'coterie status'", gaps.size() - 1) : ""));
  }
  return result.exit;
}

/// What a replay came to.
struct Account {
  std::size_t runs = 0;
  std::uint64_t kept = 0;   // answers in the archive
  std::uint64_t given = 0;  // of these, those that were asked for
  CarriedOver carried;
};

void tell(const Account& account, std::uint64_t works, Console& console) {
  std::string line =
      fmt::format("replayed {} runs, {} answers; {} works", account.runs, account.given, works);
  if (account.carried.works > 0)
    line +=
        fmt::format("; {} works carried over that no kept answer tells as they are", account.carried.works);
  if (account.kept > account.given)
    line += fmt::format("; {} kept answers were not asked for", account.kept - account.given);
  console.note(line);
  console.event("replayed", {{"runs", std::to_string(account.runs)},
                             {"answers", std::to_string(account.given)},
                             {"works", std::to_string(works)},
                             {"carried_over", std::to_string(account.carried.works)}});
}

}  // namespace

int replay(const StudyFile& study, const Options& options, Console& console) {
  const DatasetLock lock(study);
  const std::unique_ptr<AnswerArchive> archive = kept_answers(study);
  std::error_code failure;
  const bool there = std::filesystem::exists(study.dataset(), failure);
  if (there) with_old_dataset(study, [&] { Dataset(study.dataset(), Dataset::Mode::read_write); });
  // Never published: it takes what is left with it, and the next one takes it if this one is killed.
  const AtomicFolder folder(study.folder / "replay");
  Account account;
  {
    Replay replay(study, *archive, options, folder.path());
    const std::vector<AnsweredRun> runs = archive->runs();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      console.progress("replay: runs", i, runs.size());
      replay.run(runs[i], i + 1 < runs.size() ? &runs[i + 1] : nullptr);
      account.kept += runs[i].answers;
    }
    console.progress_done();
    account.runs = runs.size();
    account.given = replay.given();
    if (there)
      account.carried = with_old_dataset(study, [&] { return replay.dataset().carry_over(study.dataset()); });
  }
  Dataset::replace(study.dataset(), folder.path() / "dataset.sqlite");
  const Dataset dataset(study.dataset(), Dataset::Mode::read_only);
  write_review(study, dataset.identities());
  tell(account, works_in(dataset), console);
  return tell_gaps(dataset, console);
}

}  // namespace coterie
