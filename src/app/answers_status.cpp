#include "src/app/answers_status.hpp"

#include <fmt/format.h>

namespace coterie {

std::optional<ArchiveState> kept_answers_of(const StudyFile& study) {
  std::error_code failure;
  if (!std::filesystem::exists(study.answers(), failure)) return std::nullopt;
  return AnswerArchive(study.answers(), AnswerArchive::Mode::read_only).state();
}

std::string in_words(const ArchiveState& state) {
  constexpr double k_mebibyte = 1 << 20;
  std::string line = fmt::format("{} answers kept, of {} runs", state.answers, state.runs);
  if (!state.oldest.empty()) line += fmt::format(" since {}", state.oldest);
  line += fmt::format(": {:.1f} MiB for {:.1f} MiB of content", static_cast<double>(state.bytes) / k_mebibyte,
                      static_cast<double>(state.content) / k_mebibyte);
  if (state.dropped_answers > 0)
    line += fmt::format("; {} older ones were dropped to keep to the limit, last at {}",
                        state.dropped_answers, state.dropped_at);
  return line;
}

}  // namespace coterie
