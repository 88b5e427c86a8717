#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/answers.hpp"
#include "src/dataset/schema.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// The archive of answers; its application id is the letters "cota".
[[nodiscard]] const FileKind& answers_file();

/// Rows of the archive. Functions that write are to be called inside a transaction.

/// Stores an answer of a run.
void insert_answer(const sqlite::Connection& connection, std::int64_t run, const KeptAnswer& answer);

/// \throws Error{data} if it is not there or damaged
[[nodiscard]] KeptAnswer read_answer(const sqlite::Connection& connection, std::int64_t number);

[[nodiscard]] std::vector<AnswersEntry> entries_of(const sqlite::Connection& connection, std::int64_t run);
[[nodiscard]] std::vector<AnsweredRun> answered_runs(const sqlite::Connection& connection);
[[nodiscard]] ArchiveState archive_state(const sqlite::Connection& connection);

/// Deletes the `most` oldest answers of a run, all that nothing refers to any more, and the run itself once
/// it has no answers, unless it is the `current` one. \return what went
DroppedAnswers drop_answers(const sqlite::Connection& connection, std::int64_t run, std::uint64_t most,
                            std::int64_t current, std::string_view now);

}  // namespace coterie::dataset
