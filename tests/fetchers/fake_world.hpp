#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/harvest.hpp"

namespace coterie::test {

/// A transport that answers from a function and remembers what it was asked.
class FakeHttp final : public Http {
 public:
  std::function<HttpResponse(const HttpRequest&)> answer;
  std::vector<HttpRequest> requests;

  HttpResponse get(const HttpRequest& request) override {
    requests.push_back(request);
    return answer(request);
  }
};

/// A clock that waiting moves on at once.
class FakePacing final : public Pacing {
 public:
  std::chrono::milliseconds clock{0};
  std::optional<std::chrono::milliseconds> deadline;
  std::vector<std::chrono::milliseconds> pauses;
  std::vector<std::pair<std::string, std::chrono::milliseconds>> turns;
  std::vector<std::pair<std::string, std::chrono::milliseconds>> holds;
  double next_chance = 0;

  void wait_for_turn(const std::string& host, std::chrono::milliseconds interval) override {
    turns.emplace_back(host, interval);
    advance(interval);
  }
  void pause(std::chrono::milliseconds duration) override {
    advance(duration);
    pauses.push_back(duration);
  }
  void hold(const std::string& host, std::chrono::milliseconds duration) override {
    holds.emplace_back(host, duration);
  }
  double chance() override { return next_chance; }
  std::string now() override { return utc_timestamp(k_start + clock.count() / 1000); }

  static constexpr std::int64_t k_start = 1'795'392'000;  // 2026-11-23T00:00:00Z

 private:
  void advance(std::chrono::milliseconds duration) {
    if (deadline && clock + duration > *deadline) throw Error(ErrorKind::temporary, "the time is over");
    clock += duration;
  }
};

/// A store in memory that keeps the promises of the dataset: a page and its cursor together, works under
/// their ids.
class MemoryStore final : public HarvestStore {
 public:
  QueryProgress state;
  std::map<std::string, Work> works;
  std::set<std::string> ids_of_run;
  std::vector<WorkPage> pages;
  std::vector<HarvestOutcome> outcomes;
  std::set<std::string> vanished;
  std::map<std::string, std::string> singles;  // asked for alone -> what was told
  int restarts = 0;

  QueryProgress progress(const Query&) override { return state; }
  void restart(const Query&) override {
    ++restarts;
    const std::uint64_t known = state.known;
    state = {};
    state.known = known;
    ids_of_run.clear();
  }
  StoredPage store(const Query&, const WorkPage& page, const std::string& began) override {
    pages.push_back(page);
    StoredPage stored;
    for (const Work& work : page.works) {
      const auto before = works.find(work.id);
      stored.added += before == works.end() ? 1u : 0u;
      stored.changed += before != works.end() && before->second != work ? 1u : 0u;
      works[work.id] = work;
      ids_of_run.insert(work.id);
    }
    state.cursor = page.next_cursor.value_or("");
    state.began = began;
    state.fetched = ids_of_run.size();
    stored.seen = state.fetched;
    return stored;
  }
  bool holds_whole(const Work& shortened) override {
    const auto found = works.find(shortened.id);
    return found != works.end() && !found->second.byline_truncated &&
           found->second.updated == shortened.updated && !shortened.updated.empty();
  }
  std::vector<std::string> unlisted(const Query&) override {
    std::vector<std::string> ids;
    for (const auto& [id, work] : works) {
      if (!ids_of_run.contains(id) && !vanished.contains(id) && !singles.contains(id)) ids.push_back(id);
    }
    return ids;
  }
  void store_single(const std::string& id, const Work& work) override {
    works[work.id] = work;
    singles[id] = work.id;
  }
  void mark_vanished(const std::string&, const std::string& id) override { vanished.insert(id); }
  void finish(const Query&, const HarvestOutcome& outcome) override {
    outcomes.push_back(outcome);
    state.complete = outcome.state == HarvestOutcome::State::complete;
    if (!state.complete) return;
    state.completed_at = outcome.complete_as_of;
    state.known = outcome.fetched;
  }
};

inline HttpResponse response(int status, std::string body, std::map<std::string, std::string> headers = {}) {
  HttpResponse answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.headers = std::move(headers);
  return answer;
}

/// The value of a parameter as it stands in the url, still encoded; empty if it is not there.
inline std::string parameter(const std::string& url, const std::string& name) {
  for (const std::string& start : {"?" + name + "=", "&" + name + "="}) {
    const std::size_t found = url.find(start);
    if (found == std::string::npos) continue;
    const std::size_t from = found + start.size();
    return url.substr(from, url.find('&', from) - from);
  }
  return {};
}

/// A work object with so many authors, cut like OpenAlex cuts it in lists.
inline std::string work_json(const std::string& id, int authors = 1, bool cut = false) {
  std::string byline;
  for (int i = 1; i <= authors; ++i) {
    byline += fmt::format(
        R"({}{{"author":{{"id":"https://openalex.org/A500000{:04}","display_name":"Author {}"}}}})",
        i == 1 ? "" : ",", i, i);
  }
  return fmt::format(
      R"({{"id":"https://openalex.org/{}","title":"Work {}","publication_year":2024,"authorships":[{}]{}}})",
      id, id, byline, cut ? R"(,"is_authors_truncated":true)" : "");
}

inline std::string list_json(std::uint64_t count, const std::vector<std::string>& works,
                             const std::string& next) {
  std::string results;
  for (const std::string& work : works) results += (results.empty() ? "" : ",") + work;
  return fmt::format(
      R"({{"meta":{{"count":{},"per_page":100,"next_cursor":{}}},"results":[{}],"group_by":[]}})", count,
      next.empty() ? "null" : "\"" + next + "\"", results);
}

/// OpenAlex with a list of works, answered page by page; every list query gets the same list.
class FakeOpenAlex {
 public:
  std::vector<std::string> works;  ///< objects
  std::size_t page_size = 2;
  bool extra_empty_page = false;     ///< as recorded until March 2026
  std::uint64_t announced_more = 0;  ///< announced beyond what the list holds

  HttpResponse operator()(const HttpRequest& request) const {
    const std::string cursor = parameter(request.url, "cursor");
    const std::size_t start = cursor == "%2A" ? 0 : std::stoul(cursor.substr(1));
    const std::size_t end = std::min(works.size(), start + page_size);
    const bool more = extra_empty_page ? start < works.size() : end < works.size();
    const std::vector<std::string> page(works.begin() + static_cast<std::ptrdiff_t>(start),
                                        works.begin() + static_cast<std::ptrdiff_t>(end));
    return response(200, list_json(works.size() + announced_more, page, more ? fmt::format("c{}", end) : ""),
                    {{"date", "Mon, 02 Mar 2026 12:54:01 GMT"}});
  }
};

}  // namespace coterie::test
