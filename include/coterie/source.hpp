#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/http.hpp"
#include "coterie/query.hpp"
#include "coterie/study_file.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// Whom and what a study asks for, in terms of one source.
struct Scope {
  struct Who {
    std::string person;                   ///< key of people.csv
    std::vector<std::string> author_ids;  ///< confirmed ids in this source
    std::vector<std::string> names;       ///< name and aliases
  };
  std::vector<Who> people;
  std::vector<std::string> coauthor_ids;         ///< author ids of their co-authors, if asked for
  std::vector<WatchedInstitution> institutions;  ///< if asked for
  std::vector<std::string> work_ids;             ///< works named one by one
  Window window;
};

/// What an answer other than a page means.
struct Refusal {
  enum class Kind {
    retry,       ///< passing trouble: wait, then ask again
    slow_down,   ///< too fast: wait `wait`, then ask again
    allowance,   ///< the day's allowance is used up: exit 75, go on tomorrow
    gone,        ///< this one entity is not there (any more)
    key,         ///< the key is rejected: exit 77
    plan,        ///< the key's plan does not cover the question: exit 78
    question,    ///< the source does not accept the question: our mistake, exit 69
    unreadable,  ///< not an answer of this source: exit 65 after retries
  };
  Kind kind = Kind::retry;
  std::optional<std::chrono::milliseconds> wait;  ///< as the source tells it, not yet clamped
  std::string message;
};

/// What is left of the allowance of a key (or of this machine), as an answer told it.
struct Allowance {
  double remaining = 0;         ///< US dollars
  std::optional<double> limit;  ///< of a day, US dollars
  std::optional<double> cost;   ///< of the call that was answered, US dollars
  std::optional<std::chrono::seconds> renewed_in;
};

/// A web service that tells works: what to ask, and how to read the answer. Both are pure; paging, pacing,
/// retries, allowance and checkpoints are written once, in harvest().
class Source {
 public:
  /// What is fixed about a source.
  struct Traits {
    std::string_view name;   ///< openalex
    std::string_view title;  ///< OpenAlex
    std::string_view base_url;
    std::string_view key_env;  ///< environment variable used when the study names none; empty: takes no key
    std::chrono::milliseconds
        interval;  ///< shortest time between two requests, all studies of a person together
    std::chrono::hours repeat_after{0};  ///< a complete answer is not asked for again before
    bool author_ids = true;              ///< knows authors by id; otherwise by name alone
    bool single_works = false;           ///< tells a work by its id, and what became of an id
  };

  virtual ~Source() = default;

  [[nodiscard]] virtual const Traits& traits() const = 0;

  /// Whether a key is sent with requests.
  [[nodiscard]] virtual bool has_key() const = 0;

  /// Records asked for per page of a list.
  [[nodiscard]] virtual int page_size() const = 0;

  /// The queries that bring the works of a scope, as few as the source allows, in a fixed order.
  [[nodiscard]] virtual std::vector<Query> plan(const Scope& scope) const = 0;

  /// The queries that look a person up: by known ids, else by ORCID, else by each name. Empty when the source
  /// knows no author ids.
  [[nodiscard]] virtual std::vector<Query> lookups(const Person& person) const = 0;

  /// The queries that look many people's ids and ORCIDs up together; empty where there are so few that the
  /// free calls one by one are as good. Who is not among the answers is to be looked up alone.
  [[nodiscard]] virtual std::vector<Query> joint_lookups(std::span<const Person> people) const = 0;

  /// The cost of one call of a query, in US dollars; 0 where calls are free.
  [[nodiscard]] virtual double cost(const Query& query) const = 0;

  /// \param cursor what the last page gave as its next cursor; empty for the first page
  [[nodiscard]] virtual HttpRequest request(const Query& query, const std::string& cursor) const = 0;

  /// Reads an answer with status 200 as a page of works.
  /// \throws Error{data} if the answer is not a whole page of this source; a single unreadable record is no
  /// error but
  ///         is counted in WorkPage::rejected
  [[nodiscard]] virtual WorkPage read_works(const Query& query, const std::string& cursor,
                                            const HttpResponse& response) const = 0;

  /// Reads an answer with status 200 as a page of authors. \throws Error{data} as read_works()
  [[nodiscard]] virtual AuthorPage read_authors(const Query& query, const HttpResponse& response) const = 0;

  /// What an answer means that is no page: any status but 200, or an error told under status 200 (nullopt if
  /// it is none).
  [[nodiscard]] virtual std::optional<Refusal> refusal(const HttpResponse& response) const = 0;

  /// What an answer of any status tells of the allowance; nullopt if it tells nothing or there is none.
  [[nodiscard]] virtual std::optional<Allowance> allowance(const HttpResponse& response) const = 0;
};

/// One line of the registry of sources.
struct SourceEntry {
  const Source::Traits& traits;
  std::unique_ptr<Source> (*make)(const SourceSettings& settings, std::string key);
};

/// Every source coterie can ask, in the order they are asked.
[[nodiscard]] std::span<const SourceEntry> sources();

/// Makes the named source.
/// \throws Error{configuration} for an unknown name, a page size that the source does not take, or a base url
///         that is not https (loopback aside)
[[nodiscard]] std::unique_ptr<Source> make_source(std::string_view name, const SourceSettings& settings,
                                                  std::string key);

}  // namespace coterie
