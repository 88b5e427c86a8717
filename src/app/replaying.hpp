#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coterie/answers.hpp"
#include "src/app/run_clock.hpp"
#include "src/app/transport.hpp"

namespace coterie {

/// Ends the replay of a run where the run itself was ended: by a kill, a full disk, a loss of power. No
/// Error, so that nothing on the way takes it for a source's failure.
struct CutShort {};

/// The kept answers of one run, given to whoever asks the same again; no network, no waiting, no keys.
class Replaying final : public Transport {
 public:
  /// \param next the run after it, nullptr if there is none: whether it asks a question again shows whether
  ///        the last answer of a run that was cut short was still stored
  Replaying(const AnswerArchive& archive, const AnsweredRun& run, const AnsweredRun* next, RunClock& clock);

  [[nodiscard]] bool sends_keys() const override { return false; }
  [[nodiscard]] std::unique_ptr<Http> http(const std::string& source) override;
  [[nodiscard]] std::unique_ptr<Pacing> pacing(const std::string& source) override;
  [[nodiscard]] std::function<bool()> stopping(const std::string& source) override;

  /// The oldest answer to the address that was not given yet.
  /// \throws Error as it was kept, Error{temporary} if none is kept, CutShort where the run ended
  [[nodiscard]] HttpResponse answer(const std::string& url);
  /// Takes the entry that comes after what was given last, if it is of that kind.
  [[nodiscard]] std::optional<KeptAnswer> take(KeptAnswer::What what);

  /// What the run began with, by name; `people` stands under the empty name.
  [[nodiscard]] const std::map<std::string, std::string>& beginnings() const { return m_beginnings; }
  [[nodiscard]] std::uint64_t given() const { return m_given; }

 private:
  [[nodiscard]] KeptAnswer give(std::size_t place);

  const AnswerArchive& m_archive;
  RunClock& m_clock;
  bool m_ended;
  std::vector<AnswersEntry> m_entries;                     // without beginnings
  std::map<std::string, std::vector<std::size_t>> m_left;  // by address, places in m_entries, newest first
  std::map<std::string, std::string> m_beginnings;
  std::size_t m_next = 0;  // place after the one that was given last
  std::uint64_t m_given = 0;
};

}  // namespace coterie
