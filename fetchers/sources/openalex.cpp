#include "fetchers/sources/openalex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"
#include "fetchers/http_url.hpp"
#include "fetchers/openalex_record.hpp"
#include "fetchers/sources/openalex_allowance.hpp"
#include "fetchers/sources/openalex_pages.hpp"
#include "fetchers/sources/openalex_refusal.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_ids_per_filter = 100;
constexpr int k_page_size = 100;
constexpr int k_largest_page = 200;
constexpr std::size_t k_few_lookups = 10;  // up to so many are asked one by one, which is free
constexpr double k_list_cost = 0.0001;
constexpr double k_search_cost = 0.001;

constexpr std::string_view k_work_fields =
    "id,doi,title,display_name,publication_year,publication_date,ids,language,primary_location,locations,"
    "type,"
    "authorships,is_authors_truncated,cited_by_count,is_retracted,awards,funders,referenced_works,updated_"
    "date";
constexpr std::string_view k_author_fields =
    "id,orcid,display_name,display_name_alternatives,works_count,cited_by_count,affiliations,"
    "last_known_institutions";

/// OpenAlex takes ids of nobody out of a filter silently, and a filter that held nothing else would then
/// bring the works of the whole world.
std::optional<std::string> usable_author(std::string_view text) {
  auto id = openalex_id(text, 'A');
  if (id && openalex_nobody(*id)) return std::nullopt;
  return id;
}

/// The address of a work by any identifier it has, in the one form that OpenAlex answers for free.
std::optional<std::string> work_value(std::string_view text) {
  if (auto id = openalex_id(text, 'W')) return id;
  if (const auto id = arxiv_id(text)) return "doi:10.48550/arxiv." + text::lower(*id);
  if (const auto found = doi(text)) return "doi:" + *found;
  return std::nullopt;
}

/// Path segments keep the slashes of DOIs: OpenAlex reads the rest of the path as the identifier.
std::string encoded_path(std::string_view value) {
  std::string path;
  for (const char c : value) path += c == '/' || c == ':' ? std::string(1, c) : percent_encoded({&c, 1});
  return path;
}

/// A name without the signs that mean something to the search.
std::string search_text(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (std::string_view("\"|!*?~():[]{}^+\\").find(c) != std::string_view::npos) c = ' ';
  }
  return text::single_spaced(text);
}

class OpenAlex final : public Source {
 public:
  OpenAlex(const SourceSettings& settings, std::string key)
      : m_base(settings.base_url.empty() ? std::string(openalex_traits().base_url) : settings.base_url),
        m_page_size(settings.page_size > 0 ? settings.page_size : k_page_size),
        m_key(std::move(key)) {}

  [[nodiscard]] const Traits& traits() const override { return openalex_traits(); }
  [[nodiscard]] bool has_key() const override { return !m_key.empty(); }
  [[nodiscard]] int page_size() const override { return m_page_size; }

  [[nodiscard]] std::vector<Query> plan(const Scope& scope) const override {
    std::map<std::string, std::set<std::string>> people_of;  // by author id
    for (const Scope::Who& who : scope.people) {
      for (const std::string& text : who.author_ids) {
        if (const auto id = usable_author(text)) people_of[*id].insert(who.person);
      }
    }
    std::vector<Query> queries;
    add_blocks(queries, Query::Kind::works_of_authors, people_of, scope.window);

    std::map<std::string, std::set<std::string>> nobody_of;
    for (const std::string& text : scope.coauthor_ids) {
      const auto id = usable_author(text);
      if (id && !people_of.contains(*id)) nobody_of[*id];
    }
    add_blocks(queries, Query::Kind::works_of_authors, nobody_of, scope.window);
    add_institutions(queries, scope);

    std::set<std::string> works;
    for (const std::string& text : scope.work_ids) {
      if (auto value = work_value(text)) works.insert(std::move(*value));
    }
    for (const std::string& value : works) {
      queries.push_back({std::string(traits().name), Query::Kind::works_by_id, {value}, {}, {}});
    }
    return queries;
  }

  [[nodiscard]] std::vector<Query> lookups(const Person& person) const override {
    std::vector<Query> queries;
    const auto ask = [&](Query::Kind kind, const std::string& value) {
      Query query{std::string(traits().name), kind, {value}, {}, {person.key}};
      const bool repeated = std::any_of(queries.begin(), queries.end(),
                                        [&](const Query& other) { return other.values == query.values; });
      if (!repeated) queries.push_back(std::move(query));
    };
    for (const std::string& text : person.openalex) {
      if (const auto id = usable_author(text)) ask(Query::Kind::authors_by_id, *id);
    }
    if (!queries.empty()) return queries;
    if (const auto id = orcid(person.orcid)) {
      ask(Query::Kind::authors_by_orcid, *id);
      return queries;
    }
    std::vector<std::string> names{person.name};
    names.insert(names.end(), person.aliases.begin(), person.aliases.end());
    for (const std::string& name : names) {
      if (const std::string text = search_text(name); !text.empty()) ask(Query::Kind::authors_by_name, text);
    }
    return queries;
  }

  [[nodiscard]] std::vector<Query> joint_lookups(std::span<const Person> people) const override {
    std::map<std::string, std::set<std::string>> ids;  // and who has them
    std::map<std::string, std::set<std::string>> orcids;
    for (const Person& person : people) {
      bool has_id = false;
      for (const std::string& text : person.openalex) {
        const auto id = usable_author(text);
        if (id) ids[*id].insert(person.key);
        has_id = has_id || id;
      }
      if (const auto id = orcid(person.orcid); id && !has_id) orcids[*id].insert(person.key);
    }
    std::vector<Query> queries;
    if (ids.size() > k_few_lookups) add_blocks(queries, Query::Kind::authors_by_ids, ids, {});
    if (orcids.size() > k_few_lookups) add_blocks(queries, Query::Kind::authors_by_orcids, orcids, {});
    return queries;
  }

  [[nodiscard]] double cost(const Query& query) const override {
    switch (query.kind) {
      case Query::Kind::authors_by_id:
      case Query::Kind::authors_by_orcid:
      case Query::Kind::works_by_id:
        return 0;
      case Query::Kind::authors_by_name:
        return k_search_cost;
      case Query::Kind::authors_by_ids:
      case Query::Kind::authors_by_orcids:
      case Query::Kind::works_of_authors:
      case Query::Kind::works_of_institutions:
        return k_list_cost;
    }
    return 0;
  }

  [[nodiscard]] HttpRequest request(const Query& query, const std::string& cursor) const override {
    HttpRequest request;
    request.bearer = m_key;
    request.url = m_base + address(query);
    if (cost(query) > 0) {
      const bool joint =
          query.kind == Query::Kind::authors_by_ids || query.kind == Query::Kind::authors_by_orcids;
      const int size = joint                 ? static_cast<int>(k_ids_per_filter)
                       : query.page_size > 0 ? query.page_size
                                             : m_page_size;
      request.url +=
          fmt::format("&per_page={}&cursor={}", size, percent_encoded(cursor.empty() ? "*" : cursor));
    }
    return request;
  }

  [[nodiscard]] WorkPage read_works(const Query& query, const std::string&,
                                    const HttpResponse& response) const override {
    return query.kind == Query::Kind::works_by_id ? read_openalex_single_work(response)
                                                  : read_openalex_works(response);
  }

  [[nodiscard]] AuthorPage read_authors(const Query& query, const HttpResponse& response) const override {
    const bool single =
        query.kind == Query::Kind::authors_by_id || query.kind == Query::Kind::authors_by_orcid;
    return single ? read_openalex_single_author(response) : read_openalex_authors(response);
  }

  [[nodiscard]] std::optional<Refusal> refusal(const HttpResponse& response) const override {
    return openalex_refusal(response, m_key);
  }

  [[nodiscard]] std::optional<Allowance> allowance(const HttpResponse& response) const override {
    return openalex_allowance(response);
  }

 private:
  /// Queries of as many values each as one filter takes.
  void add_blocks(std::vector<Query>& queries, Query::Kind kind,
                  const std::map<std::string, std::set<std::string>>& people_of, const Window& window) const {
    std::set<std::string> people;
    Query query{std::string(traits().name), kind, {}, window, {}};
    const auto flush = [&] {
      query.people.assign(people.begin(), people.end());
      if (!query.values.empty()) queries.push_back(query);
      query.values.clear();
      people.clear();
    };
    for (const auto& [id, keys] : people_of) {
      query.values.push_back(id);
      people.insert(keys.begin(), keys.end());
      if (query.values.size() == k_ids_per_filter) flush();
    }
    flush();
  }

  /// One question per kind of identifier: OpenAlex joins different filters with AND only.
  void add_institutions(std::vector<Query>& queries, const Scope& scope) const {
    std::set<std::string> lineages;
    std::set<std::string> rors;
    for (const WatchedInstitution& institution : scope.institutions) {
      for (const std::string& text : institution.openalex) {
        if (const auto id = openalex_id(text, 'I')) lineages.insert("lineage:" + *id);
      }
      if (!institution.openalex.empty()) continue;
      if (const auto id = ror(institution.ror)) rors.insert("ror:" + *id);
    }
    for (const std::set<std::string>& values : {lineages, rors}) {
      Query query{std::string(traits().name), Query::Kind::works_of_institutions, {}, scope.window, {}};
      for (const std::string& value : values) {
        query.values.push_back(value);
        if (query.values.size() < k_ids_per_filter) continue;
        queries.push_back(query);
        query.values.clear();
      }
      if (!query.values.empty()) queries.push_back(query);
    }
  }

  [[nodiscard]] std::string address(const Query& query) const {
    check(query);
    const std::string& first = query.values.front();
    switch (query.kind) {
      case Query::Kind::works_by_id:
        return fmt::format("/works/{}?select={}", encoded_path(first), k_work_fields);
      case Query::Kind::authors_by_id:
        return fmt::format("/authors/{}?select={}", encoded_path(first), k_author_fields);
      case Query::Kind::authors_by_orcid:
        return fmt::format("/authors/orcid:{}?select={}", encoded_path(first), k_author_fields);
      case Query::Kind::authors_by_ids:
        return fmt::format("/authors?filter={}&select={}",
                           percent_encoded("openalex:" + text::join(query.values, "|")), k_author_fields);
      case Query::Kind::authors_by_orcids:
        return fmt::format("/authors?filter={}&select={}",
                           percent_encoded("orcid:" + text::join(query.values, "|")), k_author_fields);
      case Query::Kind::authors_by_name:
        return fmt::format("/authors?search={}&select={}", percent_encoded(first), k_author_fields);
      case Query::Kind::works_of_authors:
      case Query::Kind::works_of_institutions:
        return fmt::format("/works?filter={}&select={}&sort=publication_date:asc",
                           percent_encoded(filter(query)), k_work_fields);
    }
    throw Error(ErrorKind::bug, "a query of unknown kind");
  }

  static std::string filter(const Query& query) {
    std::string_view field = "author.id";
    std::size_t prefix = 0;
    if (query.kind == Query::Kind::works_of_institutions) {
      const std::string_view value = query.values.front();
      prefix = value.find(':') + 1;
      field = value.starts_with("lineage:") ? "authorships.institutions.lineage"
              : value.starts_with("ror:")   ? "institutions.ror"
                                            : "institutions.id";
    }
    std::vector<std::string> values;
    for (const std::string& value : query.values) values.push_back(value.substr(prefix));
    std::string filter = fmt::format("{}:{}", field, text::join(values, "|"));
    if (query.window.from) filter += fmt::format(",from_publication_date:{:04}-01-01", *query.window.from);
    if (query.window.to) filter += fmt::format(",to_publication_date:{:04}-12-31", *query.window.to);
    return filter;
  }

  /// \throws Error{bug} for a question whose filter could vanish or be cut
  static void check(const Query& query) {
    using Kind = Query::Kind;
    const bool list = query.kind == Kind::works_of_authors || query.kind == Kind::works_of_institutions ||
                      query.kind == Kind::authors_by_ids || query.kind == Kind::authors_by_orcids;
    bool sound = !query.values.empty() && query.values.size() <= (list ? k_ids_per_filter : 1);
    for (const std::string& value : query.values) {
      if (query.kind == Kind::works_of_authors || query.kind == Kind::authors_by_id ||
          query.kind == Kind::authors_by_ids) {
        sound = sound && usable_author(value) == value;
      } else if (query.kind == Kind::authors_by_orcids) {
        sound = sound && orcid(value) == value;
      } else if (query.kind == Query::Kind::works_of_institutions) {
        const std::string kind = query.values.front().substr(0, query.values.front().find(':') + 1);
        const std::string_view id = std::string_view(value).substr(std::min(kind.size(), value.size()));
        const bool known = kind == "ror:"
                               ? ror(id) == id
                               : (kind == "id:" || kind == "lineage:") && openalex_id(id, 'I') == id;
        sound = sound && value.starts_with(kind) && known;
      } else {
        sound = sound && !text::trimmed(value).empty();
      }
    }
    if (!sound) {
      throw Error(ErrorKind::bug,
                  fmt::format("OpenAlex cannot be asked for '{}'", text::join(query.values, "|")));
    }
  }

  std::string m_base;
  int m_page_size;
  std::string m_key;
};

}  // namespace

const Source::Traits& openalex_traits() {
  static const Source::Traits traits{.name = "openalex",
                                     .title = "OpenAlex",
                                     .base_url = "https://api.openalex.org",
                                     .key_env = "OPENALEX_API_KEY",
                                     .interval = std::chrono::milliseconds(100),
                                     .repeat_after = std::chrono::hours(0),
                                     .author_ids = true,
                                     .single_works = true};
  return traits;
}

std::unique_ptr<Source> make_openalex(const SourceSettings& settings, std::string key) {
  if (settings.page_size < 0 || settings.page_size > k_largest_page) {
    throw Error(ErrorKind::configuration,
                fmt::format("page_size '{}' of source 'openalex' is not between 1 and {}", settings.page_size,
                            k_largest_page));
  }
  return std::make_unique<OpenAlex>(settings, std::move(key));
}

}  // namespace coterie
