#include "src/app/replaying.hpp"

#include <algorithm>
#include <utility>

#include "coterie/error.hpp"

namespace coterie {
namespace {

class ReplayHttp final : public Http {
 public:
  explicit ReplayHttp(Replaying& replaying) : m_replaying(replaying) {}
  HttpResponse get(const HttpRequest& request) override { return m_replaying.answer(request.url); }

 private:
  Replaying& m_replaying;
};

/// No waiting, but an end where the run had one.
class ReplayPacing final : public Pacing {
 public:
  ReplayPacing(Replaying& replaying, const RunClock& clock) : m_replaying(replaying), m_clock(clock) {}

  void wait_for_turn(const std::string& /*host*/, std::chrono::milliseconds /*interval*/) override {
    end_if(KeptAnswer::What::no_turn);
  }
  void pause(std::chrono::milliseconds /*duration*/) override { end_if(KeptAnswer::What::no_pause); }
  void hold(const std::string& /*host*/, std::chrono::milliseconds /*duration*/) override {}
  double chance() override { return 0; }
  std::string now() override { return m_clock.now(); }

 private:
  void end_if(KeptAnswer::What what) {
    if (const auto end = m_replaying.take(what)) throw Error(end->kind, end->message);
  }

  Replaying& m_replaying;
  const RunClock& m_clock;
};

bool is_answer(const AnswersEntry& entry) {
  return entry.what == KeptAnswer::What::answer || entry.what == KeptAnswer::What::failure ||
         entry.what == KeptAnswer::What::too_large;
}

bool is_beginning(const AnswersEntry& entry) {
  return entry.what == KeptAnswer::What::file || entry.what == KeptAnswer::What::people;
}

}  // namespace

Replaying::Replaying(const AnswerArchive& archive, const AnsweredRun& run, const AnsweredRun* next,
                     RunClock& clock)
    : m_archive(archive), m_clock(clock), m_ended(run.ended) {
  for (AnswersEntry& entry : archive.entries(run.run)) {
    if (is_beginning(entry)) {
      m_beginnings[entry.url] = archive.answer(entry.number).body;
    } else {
      m_entries.push_back(std::move(entry));
    }
  }
  // An answer is kept before it is stored. Where the run ended in between, the next one asked the same again.
  if (!m_ended && next != nullptr && !next->fresh && !m_entries.empty() && is_answer(m_entries.back())) {
    const std::vector<AnswersEntry> after = archive.entries(next->run);
    const bool again = std::any_of(after.begin(), after.end(), [&](const AnswersEntry& entry) {
      return is_answer(entry) && entry.url == m_entries.back().url;
    });
    if (again) m_entries.pop_back();
  }
  for (std::size_t place = m_entries.size(); place-- > 0;) {
    if (is_answer(m_entries[place])) m_left[m_entries[place].url].push_back(place);
  }
}

std::unique_ptr<Http> Replaying::http(const std::string& /*source*/) {
  return std::make_unique<ReplayHttp>(*this);
}

std::unique_ptr<Pacing> Replaying::pacing(const std::string& /*source*/) {
  return std::make_unique<ReplayPacing>(*this, m_clock);
}

std::function<bool()> Replaying::stopping(const std::string& /*source*/) {
  return [this, stopped = false]() mutable {
    stopped = stopped || take(KeptAnswer::What::stop).has_value();
    return stopped;
  };
}

KeptAnswer Replaying::give(std::size_t place) {
  m_next = place + 1;
  KeptAnswer kept = m_archive.answer(m_entries[place].number);
  m_clock.set(kept.at);
  return kept;
}

HttpResponse Replaying::answer(const std::string& url) {
  const auto left = m_left.find(url);
  if (left == m_left.end() || left->second.empty()) {
    if (!m_ended && m_next == m_entries.size()) throw CutShort{};
    throw Error(ErrorKind::temporary, "no answer to this question is kept");
  }
  KeptAnswer kept = give(left->second.back());
  left->second.pop_back();
  ++m_given;
  if (kept.what == KeptAnswer::What::too_large) throw TooLarge(kept.message);
  if (kept.what == KeptAnswer::What::failure) throw Error(kept.kind, kept.message);
  return {kept.status, std::move(kept.final_url), std::move(kept.headers), std::move(kept.body)};
}

std::optional<KeptAnswer> Replaying::take(KeptAnswer::What what) {
  if (m_next >= m_entries.size() || m_entries[m_next].what != what) return std::nullopt;
  return give(m_next);
}

}  // namespace coterie
