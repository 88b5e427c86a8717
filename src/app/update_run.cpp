#include "src/app/update_run.hpp"

#include <fmt/format.h>

#include "src/app/asking.hpp"
#include "src/app/beginnings.hpp"

namespace coterie {
namespace {

std::uint64_t bytes_of(int mebibytes) { return static_cast<std::uint64_t>(mebibytes) << 20; }

}  // namespace

UpdateRun::UpdateRun(const StudyFile& study, const std::string& command, const Options& options,
                     Console& console, UpdateResult& result)
    : m_study(study),
      m_options(options),
      m_console(console),
      m_result(result),
      m_lock(study),
      m_clock(wall_clock()),
      m_dataset(study.dataset(), Dataset::Mode::read_write, [this] { return m_clock.now(); }),
      m_began(wall_clock()) {
  m_clock.set(m_began);
  open_archive(command);
  m_transport = std::make_unique<Recording>(network(options), m_clock, m_archive.get());
  m_run = m_dataset.begin_run(command);
}

void UpdateRun::open_archive(const std::string& command) {
  const std::uint64_t limit = bytes_of(m_study.answers_limit_mb);
  std::error_code failure;
  if (limit == 0 && !std::filesystem::exists(m_study.answers(), failure)) return;
  m_archive = std::make_unique<AnswerArchive>(m_study.answers(), AnswerArchive::Mode::read_write, limit);
  m_archive->begin_run(command, m_options.fresh, m_began);
  if (limit == 0) {
    // Whoever sets the limit to 0 later does not want the earlier answers either.
    m_archive->end_run();
    tell_dropped();
    m_archive.reset();
    return;
  }
  keep_beginnings(*m_archive, m_study, m_options.study, m_dataset, m_began);
  tell_dropped();
}

void UpdateRun::resolve() {
  if (m_archive) m_archive->note_resolving();
  coterie::resolve(m_study, m_dataset, *m_transport, m_options, m_console, m_result);
}

void UpdateRun::fetch() {
  if (m_archive) m_archive->note_fetching();
  coterie::fetch(m_study, m_dataset, *m_transport, m_options, m_console, m_result);
}

void UpdateRun::finish() {
  m_dataset.end_run(m_run, run_state(m_result, m_dataset));
  if (!m_archive) return;
  m_archive->end_run();
  tell_dropped();
}

void UpdateRun::tell_dropped() {
  const DroppedAnswers dropped = m_archive->take_dropped();
  if (dropped.answers == 0) return;
  m_console.note(
      fmt::format("{} old answers of {} whole runs were dropped to keep answers.sqlite below {} MiB",
                  dropped.answers, dropped.runs, m_study.answers_limit_mb));
  m_console.event("answers_dropped", {{"runs", std::to_string(dropped.runs)},
                                      {"answers", std::to_string(dropped.answers)},
                                      {"limit_mb", std::to_string(m_study.answers_limit_mb)}});
}

}  // namespace coterie
