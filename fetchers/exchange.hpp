#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "coterie/error.hpp"
#include "coterie/harvest.hpp"

namespace coterie {

/// Records of the smallest page that is asked for where larger ones hold more than is read.
inline constexpr int k_smallest_large_page = 6;

/// Why a query cannot go on.
struct Stop {
  ErrorKind kind = ErrorKind::temporary;
  std::string reason;
  bool stop_source = false;  ///< the source answers nothing more in this run
  bool question = false;     ///< the source does not accept the question
  bool gone = false;         ///< the one entity asked for is not there
  bool too_large = false;    ///< the page is larger than is read; a smaller one may be had
};

/// Questions and answers of one query: asks for a page as often as it takes, at the source's pace, and keeps
/// account.
class Exchange {
 public:
  using Read = std::function<void(const HttpResponse&)>;

  Exchange(const Source& source, const HarvestTools& tools)
      : m_source(source), m_tools(tools), m_run(tools.run != nullptr ? *tools.run : m_own_run) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Asks for one page until `read` has taken an answer, waiting longer after each failure.
  ///
  /// \param read takes a page. Error{data} and Error{temporary} from it count as failures and are asked
  /// again;
  ///        Error{unavailable} ends the query
  /// \return nullopt once a page was read, else why none was
  /// \throws Error of other kinds from `read`, the transport or the pacing
  [[nodiscard]] std::optional<Stop> ask(const Query& query, const std::string& cursor, const Read& read);

  [[nodiscard]] std::uint64_t calls() const { return m_calls; }
  [[nodiscard]] double cost() const { return m_cost; }
  /// The source's clock when it first answered, ours if it does not tell, as UTC timestamp.
  [[nodiscard]] const std::string& began() const { return m_began; }

 private:
  /// A failure that another try may mend.
  struct Failure {
    Stop stop;
    std::optional<std::chrono::milliseconds> wait;
  };
  struct Result {
    std::optional<Failure> failure = {};
    std::optional<Stop> stop = {};
    bool untrusted = false;  ///< the transport refuses the answer: its certificate, where it redirects to
  };

  /// Why nothing may be asked: the run is stopped, the source was given up, or the call is not covered.
  [[nodiscard]] std::optional<Stop> hindrance(const Query& query) const;
  Result try_once(const Query& query, const HttpRequest& request, const Read& read);
  [[nodiscard]] Stop given_up(Stop stop);
  [[nodiscard]] Stop out_of_time(const HttpRequest& request, Stop stop, std::chrono::milliseconds wait,
                                 const std::string& why);
  void take_account(const Query& query, const HttpResponse& response, bool refused);
  Result taken(const Query& query, const HttpResponse& response, const Read& read);
  [[nodiscard]] Result too_large(const Query& query, const TooLarge& error) const;
  [[nodiscard]] std::string time_of(const HttpResponse& response) const;
  Result refused(const Refusal& refusal) const;
  [[nodiscard]] Stop allowance_used(const Refusal& refusal) const;
  [[nodiscard]] Stop stop(ErrorKind kind, const std::string& reason) const;

  const Source& m_source;
  const HarvestTools& m_tools;
  SourceRun m_own_run;  // where the tools name none
  SourceRun& m_run;
  std::uint64_t m_calls = 0;
  double m_cost = 0;
  std::string m_began;
};

}  // namespace coterie
