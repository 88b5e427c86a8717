#include "coterie/harvest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "coterie/util/text.hpp"
#include "fetchers/exchange.hpp"

namespace coterie {
namespace {

constexpr std::uint64_t k_most_pages = 1'000'000;
constexpr std::uint64_t k_pages_without_count = 1'000;
constexpr int k_failures_in_a_row = 3;
constexpr int k_smallest_page = 25;
constexpr std::size_t k_most_singles = 1'000;  // works no longer listed that are asked for in one run

/// The most pages a list of that length can have, twice over: short pages are allowed, endless lists are not.
std::uint64_t page_ceiling(std::optional<std::uint64_t> expected, int page_size) {
  if (!expected) return k_pages_without_count;
  const auto size = static_cast<std::uint64_t>(std::max(1, page_size));
  const std::uint64_t pages = *expected / size + (*expected % size != 0 ? 1 : 0);
  return pages > k_most_pages / 2 ? k_most_pages : pages * 2 + 10;
}

/// Whether a refused question was refused for the size of its pages; other mistakes are not mended by smaller
/// ones.
bool is_about_page_size(std::string_view reason) {
  return reason.find("per-page") != std::string_view::npos ||
         reason.find("per_page") != std::string_view::npos;
}

/// Watches that paging goes on and comes to an end.
class Progress {
 public:
  explicit Progress(const std::string& first_cursor) : m_seen{std::string{}, first_cursor} {}

  /// What is wrong with going on from a page that holds `received` records to `next`; nullopt: nothing.
  std::optional<std::string> fault(const std::string& next, std::uint64_t received, std::uint64_t ceiling) {
    ++m_pages;
    if (received == 0 && ++m_empty > 1) return "empty pages that name a next one";
    if (!m_seen.insert(next).second) return "the next page is one that was read before";
    if (m_pages >= ceiling) return fmt::format("more pages than announced, {} so far", m_pages);
    return std::nullopt;
  }

 private:
  std::set<std::string> m_seen;
  std::uint64_t m_pages = 0;
  int m_empty = 0;
};

class Harvest {
 public:
  Harvest(const Source& source, const Query& query, HarvestStore& store, const HarvestTools& tools)
      : m_source(source), m_query(query), m_store(store), m_tools(tools), m_exchange(source, tools) {}

  HarvestOutcome run() {
    const QueryProgress progress = m_store.progress(m_query);
    const bool resumed = !progress.complete && !progress.cursor.empty();
    m_stored_before = progress.known;
    std::optional<Stop> stop;
    if (resumed) {
      m_fetched = progress.fetched;
      m_began = progress.began;
      stop = walk(progress.cursor);
      // A cursor does not live for ever; the list does.
      if (stop && stop->question && m_pages == 0) stop = from_start();
    } else {
      stop = from_start();
    }
    if (!stop && falls_short()) stop = from_start();
    if (!stop && lacks_announced()) stop = shortfall();
    if (!stop) stop = ask_for_unlisted();
    if (!stop && comes_to_nothing()) stop = shortfall();
    if (!stop) return finished(losses());
    // The next run must not go on behind a loop, nor behind a page with a byline that is still shortened.
    if (m_looped || !m_shortened.empty()) m_store.restart(m_query);
    return finished(stop);
  }

 private:
  /// Reads the list from its first page, in smaller pages where the source does not accept the size.
  std::optional<Stop> from_start() {
    std::optional<Stop> stop = all_pages();
    while (stop && stop->question && is_about_page_size(stop->reason) && page_size() > k_smallest_page) {
      m_query.page_size = std::max(k_smallest_page, page_size() / 2);
      stop = all_pages();
    }
    return stop;
  }

  [[nodiscard]] int page_size() const {
    return m_query.page_size > 0 ? m_query.page_size : m_source.page_size();
  }

  std::optional<Stop> all_pages() {
    m_store.restart(m_query);
    m_began.clear();
    m_fetched = 0;
    m_passed_over = 0;
    m_rejected = 0;
    m_first_rejected.reset();
    m_shortened.clear();
    return walk({});
  }

  /// Reads and stores pages until the list ends or something stops it.
  std::optional<Stop> walk(std::string cursor) {
    Progress progress(cursor);
    for (;;) {
      WorkPage page;
      std::optional<Stop> stop = m_exchange.ask(m_query, cursor, [&](const HttpResponse& response) {
        page = m_source.read_works(m_query, cursor, response);
      });
      if (stop && stop->too_large) {
        // Works with long bylines stand together; a cursor leads on whatever the size of the pages.
        m_query.page_size = std::max(k_smallest_large_page, page_size() / 2);
        continue;
      }
      if (stop) return stop;
      ++m_pages;
      complete_bylines(page);
      keep(page);
      // A source may name a next page behind the last record; it would be empty, and paid for.
      if (!page.next_cursor || (m_expected && accounted_for() >= *m_expected)) return std::nullopt;
      const std::uint64_t ceiling = page_ceiling(m_expected, page_size());
      if (const auto fault = progress.fault(*page.next_cursor, page.received, ceiling)) {
        m_looped = true;
        return Stop{ErrorKind::data, fmt::format("{}: {}", m_source.traits().title, *fault)};
      }
      cursor = *page.next_cursor;
    }
  }

  void keep(const WorkPage& page) {
    if (page.expected) m_expected = page.expected;
    m_rejected += page.rejected.size();
    if (!m_first_rejected && !page.rejected.empty()) m_first_rejected = page.rejected.front();
    const std::uint64_t read = page.works.size() + page.rejected.size();
    if (page.received > read) m_passed_over += page.received - read;
    if (m_began.empty()) m_began = m_exchange.began();
    const StoredPage stored = m_store.store(m_query, page, m_began);
    m_fetched = stored.seen;
    m_added += stored.added;
    m_changed += stored.changed;
    if (m_tools.report) {
      m_tools.report({m_query, m_fetched, m_expected, m_exchange.calls(), m_exchange.cost()});
    }
  }

  /// Puts the whole work in the place of each one whose byline the list cut.
  void complete_bylines(WorkPage& page) {
    int failures = 0;
    for (const std::string& id : page.shortened) {
      const auto listed =
          std::find_if(page.works.begin(), page.works.end(), [&](const Work& work) { return work.id == id; });
      if (listed != page.works.end() && m_store.holds_whole(*listed)) continue;
      // A source that is down would otherwise be asked again for every such work of the page.
      const bool whole = failures < k_failures_in_a_row && complete_byline(page, id);
      failures = whole ? 0 : failures + 1;
      if (!whole) m_shortened.insert(id);
    }
  }

  /// Asks for one work alone.
  std::optional<Stop> ask_singly(const std::string& id, WorkPage& answer) {
    Query single;
    single.source = m_query.source;
    single.kind = Query::Kind::works_by_id;
    single.values = {id};
    single.people = m_query.people;
    return m_exchange.ask(single, {}, [&](const HttpResponse& response) {
      answer = m_source.read_works(single, {}, response);
    });
  }

  bool complete_byline(WorkPage& page, const std::string& id) {
    WorkPage answer;
    if (const std::optional<Stop> stop = ask_singly(id, answer)) {
      m_shortened_reason = stop->reason;
      return false;
    }
    if (answer.works.size() != 1 || answer.works[0].id != id || answer.works[0].byline_truncated) {
      m_shortened_reason = fmt::format("{}: the answer is not the whole work", m_source.traits().title);
      return false;
    }
    for (Work& work : page.works) {
      if (work.id == id) work = answer.works[0];
    }
    return true;
  }

  /// Asks what became of the works that the list, whole, does not bring any more.
  std::optional<Stop> ask_for_unlisted() {
    if (!m_source.traits().single_works || !m_query.lists_works()) return std::nullopt;
    std::vector<std::string> ids = m_store.unlisted(m_query);
    m_unlisted_left = ids.size() > k_most_singles;
    if (m_unlisted_left) ids.resize(k_most_singles);
    for (const std::string& id : ids) {
      WorkPage answer;
      const std::optional<Stop> stop = ask_singly(id, answer);
      if (stop && stop->gone) {
        m_store.mark_vanished(m_query.source, id);
        ++m_vanished;
      } else if (stop) {
        return stop;
      } else if (answer.works.size() == 1) {
        m_store.store_single(id, answer.works[0]);
        if (answer.works[0].id != id) ++m_merged;
        if (answer.works[0].id == id && is_asked_for(answer.works[0])) m_contradicted = true;
      }
    }
    return std::nullopt;
  }

  /// Whether a work is, by its own record, one that the query asks for.
  [[nodiscard]] bool is_asked_for(const Work& work) const {
    if (m_query.kind != Query::Kind::works_of_authors) return true;
    return std::any_of(work.authorships.begin(), work.authorships.end(), [&](const Authorship& authorship) {
      return std::binary_search(m_query.values.begin(), m_query.values.end(), authorship.author_id);
    });
  }

  [[nodiscard]] std::uint64_t accounted_for() const { return m_fetched + m_passed_over + m_rejected; }

  [[nodiscard]] bool falls_short() const {
    // An answer of nothing where an earlier run found something is no proof that there is nothing.
    return (accounted_for() == 0 && m_stored_before > 0) || lacks_announced();
  }

  [[nodiscard]] bool lacks_announced() const { return m_expected && accounted_for() < *m_expected; }

  /// Whether an empty list is not to be believed: earlier runs had works, and the source does not say of each
  /// where it went.
  [[nodiscard]] bool comes_to_nothing() const {
    if (accounted_for() > 0 || m_stored_before == 0) return false;
    return m_contradicted || m_unlisted_left || m_vanished + m_merged == 0;
  }

  [[nodiscard]] Stop shortfall() const {
    const std::string what =
        accounted_for() == 0 && m_stored_before > 0
            ? fmt::format("no records, twice, where an earlier run had {}", m_stored_before)
            : fmt::format("{} records are announced and {} came, twice", *m_expected, accounted_for());
    return {ErrorKind::temporary, fmt::format("{}: {}", m_source.traits().title, what)};
  }

  /// What a list that was read to its end still lacks.
  [[nodiscard]] std::optional<Stop> losses() const {
    std::vector<std::string> reasons;
    ErrorKind kind = ErrorKind::temporary;
    if (!m_shortened.empty()) {
      const std::vector<std::string> ids(m_shortened.begin(), m_shortened.end());
      reasons.push_back(
          fmt::format("shortened bylines of {} ({})", text::join(ids, ", "), m_shortened_reason));
    }
    if (m_rejected > 0) {
      kind = ErrorKind::data;
      reasons.push_back(fmt::format("{}: {} record{} could not be read, the first is '{}': {}",
                                    m_source.traits().title, m_rejected, m_rejected == 1 ? "" : "s",
                                    text::printable(m_first_rejected->id), m_first_rejected->reason));
    }
    if (reasons.empty()) return std::nullopt;
    return Stop{kind, text::join(reasons, "; ")};
  }

  HarvestOutcome finished(const std::optional<Stop>& stop) {
    HarvestOutcome outcome;
    outcome.expected = m_expected;
    outcome.fetched = m_fetched;
    outcome.rejected = m_rejected;
    outcome.added = m_added;
    outcome.changed = m_changed;
    outcome.vanished = m_vanished;
    outcome.merged = m_merged;
    outcome.calls = m_exchange.calls();
    outcome.cost = m_exchange.cost();
    if (stop) {
      const bool passing = stop->kind == ErrorKind::temporary || stop->kind == ErrorKind::data;
      const bool refused = stop->kind == ErrorKind::key_rejected || stop->kind == ErrorKind::configuration;
      outcome.state = passing || (m_fetched > 0 && !refused) ? HarvestOutcome::State::partial
                                                             : HarvestOutcome::State::failed;
      outcome.kind = stop->kind;
      outcome.reason = m_tools.redact ? m_tools.redact(stop->reason) : stop->reason;
      outcome.stop_source = stop->stop_source;
    } else {
      outcome.complete_as_of = m_began.empty() ? m_exchange.began() : m_began;
    }
    m_store.finish(m_query, outcome);
    return outcome;
  }

  const Source& m_source;
  Query m_query;
  HarvestStore& m_store;
  const HarvestTools& m_tools;
  Exchange m_exchange;

  std::uint64_t m_stored_before = 0;  // records of the last complete run
  std::uint64_t m_fetched = 0;        // distinct records stored in this run through the query
  std::uint64_t m_passed_over = 0;    // records of the answers that are not of this query
  std::uint64_t m_rejected = 0;
  std::uint64_t m_pages = 0;
  std::uint64_t m_added = 0;
  std::uint64_t m_changed = 0;
  std::uint64_t m_vanished = 0;
  std::uint64_t m_merged = 0;
  std::string m_began;  // the source's clock when the run through the pages began, in an earlier run perhaps
  std::optional<std::uint64_t> m_expected;
  std::optional<Rejected> m_first_rejected;
  std::set<std::string> m_shortened;
  std::string m_shortened_reason;
  bool m_looped = false;
  bool m_contradicted = false;   // a work that the list does not bring says itself that it should
  bool m_unlisted_left = false;  // more works are not listed any more than one run asks for
};

}  // namespace

HarvestOutcome harvest(const Source& source, const Query& query, HarvestStore& store,
                       const HarvestTools& tools) {
  return Harvest(source, query, store, tools).run();
}

LookUp look_up(const Source& source, const Query& query, const HarvestTools& tools) {
  Exchange exchange(source, tools);
  LookUp result;
  std::string cursor;
  Progress progress(cursor);
  std::optional<Stop> stop;
  for (;;) {
    AuthorPage page;
    stop = exchange.ask(query, cursor,
                        [&](const HttpResponse& response) { page = source.read_authors(query, response); });
    if (stop) break;
    const std::uint64_t received = page.authors.size() + page.rejected.size();
    result.outcome.rejected += page.rejected.size();
    std::move(page.authors.begin(), page.authors.end(), std::back_inserter(result.authors));
    // A search is paid for by the page, and the page behind the last record is empty.
    const bool all = page.expected && result.authors.size() + result.outcome.rejected >= *page.expected;
    if (!page.next_cursor || all) break;
    const std::uint64_t ceiling = page_ceiling(page.expected, source.page_size());
    if (const auto fault = progress.fault(*page.next_cursor, received, ceiling)) {
      stop = Stop{ErrorKind::data, fmt::format("{}: {}", source.traits().title, *fault)};
      break;
    }
    cursor = *page.next_cursor;
  }
  HarvestOutcome& outcome = result.outcome;
  outcome.fetched = result.authors.size();
  outcome.calls = exchange.calls();
  outcome.cost = exchange.cost();
  if (!stop || stop->gone) {
    outcome.complete_as_of = exchange.began();
    return result;
  }
  outcome.state = HarvestOutcome::State::failed;
  outcome.kind = stop->kind;
  outcome.reason = tools.redact ? tools.redact(stop->reason) : stop->reason;
  outcome.stop_source = stop->stop_source;
  return result;
}

}  // namespace coterie
