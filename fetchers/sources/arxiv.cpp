#include "fetchers/sources/arxiv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"
#include "fetchers/http_time.hpp"
#include "fetchers/http_url.hpp"
#include "fetchers/refusal_text.hpp"
#include "fetchers/sources/arxiv_feed.hpp"

namespace coterie {
namespace {

constexpr int k_page_size = 200;
constexpr int k_largest_page = 2000;
constexpr std::size_t k_ids_per_question = 50;
constexpr std::uint64_t k_most_results = 30'000;  // that arXiv hands out of one query

/// The words of a name in one order, so that `Guo, Daya` and `Daya Guo` are the same.
std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words = text::split(text::folded(name), ' ');
  std::sort(words.begin(), words.end());
  return words;
}

/// A name as a phrase of the query language, without the signs that mean something there.
std::string phrase(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (std::string_view("\"\\()[]{}:,*?+").find(c) != std::string_view::npos) c = ' ';
  }
  return text::single_spaced(text);
}

std::uint64_t start_of(const std::string& cursor) {
  std::uint64_t start = 0;
  if (cursor.empty()) return start;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), start);
  if (error != std::errc() || end != cursor.data() + cursor.size()) {
    throw Error(ErrorKind::bug, fmt::format("'{}' is no cursor of arXiv", text::printable(cursor)));
  }
  return start;
}

std::string search_query(const Query& query) {
  const std::string name = phrase(query.values.front());
  std::string search = fmt::format("au:\"{}\"", name);
  if (query.window.open()) return search;
  // arXiv began in 1991; an open end is one far beyond every record.
  return search + fmt::format(" AND submittedDate:[{:04}01010000 TO {:04}12312359]",
                              query.window.from.value_or(1991), query.window.to.value_or(2999));
}

bool has_name(const Work& work, const std::vector<std::vector<std::string>>& names) {
  return std::any_of(work.authorships.begin(), work.authorships.end(), [&](const Authorship& authorship) {
    return std::find(names.begin(), names.end(), name_words(authorship.raw_name)) != names.end();
  });
}

class Arxiv final : public Source {
 public:
  explicit Arxiv(const SourceSettings& settings)
      : m_base(settings.base_url.empty() ? std::string(arxiv_traits().base_url) : settings.base_url),
        m_page_size(settings.page_size > 0 ? settings.page_size : k_page_size) {}

  [[nodiscard]] const Traits& traits() const override { return arxiv_traits(); }
  [[nodiscard]] bool has_key() const override { return false; }
  [[nodiscard]] int page_size() const override { return m_page_size; }

  [[nodiscard]] std::vector<Query> plan(const Scope& scope) const override {
    struct Form {
      std::string name;
      std::set<std::string> people;
    };
    std::map<std::vector<std::string>, Form> forms;  // by the words of the name
    for (const Scope::Who& who : scope.people) {
      for (const std::string& name : who.names) {
        const std::vector<std::string> words = name_words(name);
        if (words.empty() || phrase(name).empty()) continue;
        Form& form = forms[words];
        // Of writings that differ in case, accents or order alone, arXiv needs one; the smallest, whoever
        // comes first.
        if (form.name.empty() || name < form.name) form.name = name;
        form.people.insert(who.person);
      }
    }
    std::vector<Query> queries;
    for (const auto& [words, form] : forms) {
      queries.push_back({std::string(traits().name),
                         Query::Kind::works_of_authors,
                         {form.name},
                         scope.window,
                         {form.people.begin(), form.people.end()}});
    }
    add_works(queries, scope.work_ids);
    return queries;
  }

  [[nodiscard]] std::vector<Query> lookups(const Person&) const override { return {}; }

  [[nodiscard]] std::vector<Query> joint_lookups(std::span<const Person>) const override { return {}; }

  [[nodiscard]] double cost(const Query&) const override { return 0; }

  [[nodiscard]] HttpRequest request(const Query& query, const std::string& cursor) const override {
    const bool by_id = query.kind == Query::Kind::works_by_id;
    const bool by_name = query.kind == Query::Kind::works_of_authors;
    const std::size_t most = by_id ? k_ids_per_question : 1;
    if ((!by_id && !by_name) || query.values.empty() || query.values.size() > most ||
        phrase(query.values.front()).empty()) {
      throw Error(ErrorKind::bug,
                  fmt::format("arXiv cannot be asked for '{}'", text::join(query.values, "|")));
    }
    HttpRequest request;
    request.redirect_hosts = {"export.arxiv.org", "arxiv.org"};
    const std::uint64_t start = start_of(cursor);
    if (by_id) {
      // One page: an unknown id is left out silently, so the end of the list can be told by the ids alone.
      request.url = fmt::format("{}/api/query?id_list={}&start={}&max_results={}", m_base,
                                percent_encoded(text::join(query.values, ",")), start, k_ids_per_question);
    } else {
      request.url = fmt::format(
          "{}/api/query?search_query={}&sortBy=submittedDate&sortOrder=ascending&start={}&max_results={}",
          m_base, percent_encoded(search_query(query)), start,
          query.page_size > 0 ? query.page_size : m_page_size);
    }
    return request;
  }

  [[nodiscard]] WorkPage read_works(const Query& query, const std::string& cursor,
                                    const HttpResponse& response) const override {
    if (text::trimmed(response.body).empty()) throw Error(ErrorKind::temporary, "the answer is empty");
    const std::uint64_t start = start_of(cursor);
    ArxivFeed feed = read_arxiv_feed(response.body);
    check(feed, start);
    WorkPage page;
    page.received = feed.entries;
    page.rejected = std::move(feed.rejected);
    if (start + feed.entries < feed.total) page.next_cursor = std::to_string(start + feed.entries);
    if (query.kind == Query::Kind::works_by_id) {
      // Ids that arXiv does not know are left out without a word, so what was asked for counts.
      page.expected = query.values.size();
      page.works = std::move(feed.works);
      return page;
    }
    page.expected = feed.total;
    std::vector<std::vector<std::string>> names;
    for (const std::string& name : query.values) names.push_back(name_words(name));
    for (Work& work : feed.works) {
      if (has_name(work, names)) page.works.push_back(std::move(work));
    }
    return page;
  }

  [[nodiscard]] AuthorPage read_authors(const Query&, const HttpResponse&) const override {
    throw Error(ErrorKind::bug, "arXiv knows no authors");
  }

  [[nodiscard]] std::optional<Refusal> refusal(const HttpResponse& response) const override {
    Refusal refusal;
    refusal.wait = retry_after(response);
    refusal.message = fmt::format("status {}", response.status);
    const std::string said = objection(response.body);
    if (!said.empty()) refusal.message += ", " + refusal_text(said, {});
    switch (response.status) {
      case 200:
        if (said.empty()) return std::nullopt;
        refusal.kind = said.starts_with("Rate exceeded") ? Refusal::Kind::slow_down : Refusal::Kind::question;
        return refusal;
      case 403:
      case 429:
      case 503:
        refusal.kind = Refusal::Kind::slow_down;
        return refusal;
      default:
        refusal.kind = response.status >= 500 || response.status == 408 ? Refusal::Kind::retry
                       : response.status >= 400                         ? Refusal::Kind::question
                                                                        : Refusal::Kind::unreadable;
        return refusal;
    }
  }

  [[nodiscard]] std::optional<Allowance> allowance(const HttpResponse&) const override {
    return std::nullopt;
  }

 private:
  void add_works(std::vector<Query>& queries, const std::vector<std::string>& work_ids) const {
    std::set<std::string> ids;
    for (const std::string& text : work_ids) {
      if (auto id = arxiv_id(text)) ids.insert(std::move(*id));
    }
    Query query{std::string(traits().name), Query::Kind::works_by_id, {}, {}, {}};
    for (const std::string& id : ids) {
      query.values.push_back(id);
      if (query.values.size() < k_ids_per_question) continue;
      queries.push_back(query);
      query.values.clear();
    }
    if (!query.values.empty()) queries.push_back(query);
  }

  /// \throws Error{temporary} for a page that is empty although the list goes on, which arXiv sends at times;
  ///         Error{unavailable} for a list longer than arXiv hands out; Error{data} for another page than
  ///         asked
  static void check(const ArxivFeed& feed, std::uint64_t start) {
    if (!feed.error.empty()) throw Error(ErrorKind::unavailable, refusal_text(feed.error, {}));
    if (feed.total > k_most_results) {
      throw Error(
          ErrorKind::unavailable,
          fmt::format("the question has {} results and arXiv hands out {}; a narrower window would be "
                      "answered in full",
                      feed.total, k_most_results));
    }
    if (feed.entries == 0 && (start > 0 || feed.total > 0)) {
      throw Error(ErrorKind::temporary, fmt::format("an empty page at {} of {}", start, feed.total));
    }
    if (feed.start != start) {
      throw Error(ErrorKind::data,
                  fmt::format("the answer is the page at {} and not at {}", feed.start, start));
    }
  }

  /// What arXiv objects to: the error entry of a feed, or a short text without markup.
  static std::string objection(const std::string& body) {
    constexpr std::size_t k_longest = 64 << 10;
    if (body.size() > k_longest) return {};
    const std::string_view text = text::trimmed(body);
    if (text.starts_with("Rate exceeded")) return std::string(text);
    if (body.find("arxiv.org/api/errors") == std::string::npos) return {};
    try {
      return read_arxiv_feed(body).error;
    } catch (const Error&) {
      return {};
    }
  }

  std::string m_base;
  int m_page_size;
};

}  // namespace

const Source::Traits& arxiv_traits() {
  static const Source::Traits traits{.name = "arxiv",
                                     .title = "arXiv",
                                     .base_url = "https://export.arxiv.org",
                                     .key_env = "",
                                     .interval = std::chrono::seconds(3),
                                     .repeat_after = std::chrono::hours(20),
                                     .author_ids = false};
  return traits;
}

std::unique_ptr<Source> make_arxiv(const SourceSettings& settings, std::string) {
  if (settings.page_size < 0 || settings.page_size > k_largest_page) {
    throw Error(ErrorKind::configuration,
                fmt::format("page_size '{}' of source 'arxiv' is not between 1 and {}", settings.page_size,
                            k_largest_page));
  }
  return std::make_unique<Arxiv>(settings);
}

}  // namespace coterie
