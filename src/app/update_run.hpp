#pragma once

#include <memory>
#include <optional>
#include <string>

#include "coterie/answers.hpp"
#include "coterie/dataset.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/recording.hpp"
#include "src/app/run_clock.hpp"
#include "src/app/update.hpp"

namespace coterie {

/// A run that asks sources: the one place where lock, dataset, archive of answers and clock are opened.
class UpdateRun {
 public:
  /// \param command for the logs: fetch, run, ...
  /// \param result what the run came to so far, also when it ends by an exception
  /// \param options must live as long as the run
  /// \throws Error{temporary} if another run writes this study, and as Dataset and AnswerArchive
  UpdateRun(const StudyFile& study, const std::string& command, const Options& options, Console& console,
            UpdateResult& result);
  UpdateRun(const UpdateRun&) = delete;
  UpdateRun& operator=(const UpdateRun&) = delete;

  /// Looks the people up.
  void resolve();
  /// Asks for works.
  void fetch();
  /// Notes that the run came to its end. A run that never gets here was cut short.
  void finish();

  [[nodiscard]] Dataset& dataset() { return m_dataset; }

 private:
  void open_archive(const std::string& command);
  void tell_dropped();

  const StudyFile& m_study;
  const Options& m_options;
  Console& m_console;
  UpdateResult& m_result;
  DatasetLock m_lock;
  RunClock m_clock;
  Dataset m_dataset;
  std::int64_t m_began = 0;
  std::unique_ptr<AnswerArchive> m_archive;  // nullptr if none are to be kept
  std::unique_ptr<Transport> m_transport;
  std::int64_t m_run = 0;  // of the dataset's log
};

}  // namespace coterie
