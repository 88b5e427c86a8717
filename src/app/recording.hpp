#pragma once

#include <functional>
#include <memory>
#include <string>

#include "coterie/answers.hpp"
#include "src/app/run_clock.hpp"
#include "src/app/transport.hpp"

namespace coterie {

/// Another transport, everything that it gives kept in an archive, and its times told by the run's clock.
class Recording final : public Transport {
 public:
  /// \param archive nullptr: nothing is kept, but time goes as if it were
  Recording(std::unique_ptr<Transport> inner, RunClock& clock, AnswerArchive* archive);

  [[nodiscard]] bool sends_keys() const override { return m_inner->sends_keys(); }
  [[nodiscard]] std::unique_ptr<Http> http(const std::string& source) override;
  [[nodiscard]] std::unique_ptr<Pacing> pacing(const std::string& source) override;
  [[nodiscard]] std::function<bool()> stopping(const std::string& source) override;

 private:
  std::unique_ptr<Transport> m_inner;
  RunClock& m_clock;
  AnswerArchive* m_archive;
};

}  // namespace coterie
