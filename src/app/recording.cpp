#include "src/app/recording.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "coterie/error.hpp"
#include "src/app/asking.hpp"
#include "src/app/redactor.hpp"

namespace coterie {
namespace {

/// Headers that something in coterie reads; the others are not kept.
bool is_read(std::string_view name) {
  constexpr std::array<std::string_view, 4> k_read{"content-type", "date", "location", "retry-after"};
  return name.starts_with("x-ratelimit-") || std::find(k_read.begin(), k_read.end(), name) != k_read.end();
}

/// Where the parts of a recording write to.
struct Tape {
  void keep(const KeptAnswer& answer) const {
    if (archive != nullptr) archive->keep(answer);
  }

  /// Keeps that the run was to end while it waited.
  void keep_end(KeptAnswer::What what, const Error& error) const {
    KeptAnswer end;
    end.what = what;
    end.source = source;
    end.at = wall_clock();
    end.kind = error.kind();
    end.message = error.what();
    keep(end);
    clock.set(end.at);
  }

  std::string source;
  RunClock& clock;
  AnswerArchive* archive;
};

class RecordingHttp final : public Http {
 public:
  RecordingHttp(std::unique_ptr<Http> inner, Tape tape)
      : m_inner(std::move(inner)), m_tape(std::move(tape)) {}

  HttpResponse get(const HttpRequest& request) override {
    KeptAnswer kept;
    kept.source = m_tape.source;
    kept.url = request.url;
    HttpResponse response;
    try {
      response = m_inner->get(request);
    } catch (const Error& error) {
      // Those that harvest() lives with. A run that ends of another is one that was cut short.
      const bool passing = error.kind() == ErrorKind::temporary || error.kind() == ErrorKind::data ||
                           error.kind() == ErrorKind::unavailable;
      if (passing) {
        const bool too_large = dynamic_cast<const TooLarge*>(&error) != nullptr;
        kept.what = too_large ? KeptAnswer::What::too_large : KeptAnswer::What::failure;
        kept.kind = error.kind();
        kept.message = error.what();
        keep(std::move(kept), request);
      }
      throw;
    }
    kept.status = response.status;
    kept.final_url = response.url;
    for (const auto& [name, value] : response.headers) {
      if (is_read(name)) kept.headers.emplace(name, value);
    }
    kept.body = response.body;
    keep(std::move(kept), request);
    return response;
  }

 private:
  /// A key stands in a header of the request alone, but a source may repeat it.
  void keep(KeptAnswer kept, const HttpRequest& request) {
    kept.at = wall_clock();
    m_tape.clock.set(kept.at);
    m_redactor.hide(request.bearer);
    for (std::string* text : {&kept.url, &kept.final_url, &kept.body, &kept.message})
      *text = m_redactor.redacted(*text);
    for (auto& [name, value] : kept.headers) value = m_redactor.redacted(value);
    m_tape.keep(kept);
  }

  std::unique_ptr<Http> m_inner;
  Tape m_tape;
  Redactor m_redactor;
};

class RecordingPacing final : public Pacing {
 public:
  RecordingPacing(std::unique_ptr<Pacing> inner, Tape tape)
      : m_inner(std::move(inner)), m_tape(std::move(tape)) {}

  void wait_for_turn(const std::string& host, std::chrono::milliseconds interval) override {
    try {
      m_inner->wait_for_turn(host, interval);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::temporary) m_tape.keep_end(KeptAnswer::What::no_turn, error);
      throw;
    }
  }

  void pause(std::chrono::milliseconds duration) override {
    try {
      m_inner->pause(duration);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::temporary) m_tape.keep_end(KeptAnswer::What::no_pause, error);
      throw;
    }
  }

  void hold(const std::string& host, std::chrono::milliseconds duration) override {
    m_inner->hold(host, duration);
  }
  double chance() override { return m_inner->chance(); }
  std::string now() override { return m_tape.clock.now(); }

 private:
  std::unique_ptr<Pacing> m_inner;
  Tape m_tape;
};

}  // namespace

Recording::Recording(std::unique_ptr<Transport> inner, RunClock& clock, AnswerArchive* archive)
    : m_inner(std::move(inner)), m_clock(clock), m_archive(archive) {}

std::unique_ptr<Http> Recording::http(const std::string& source) {
  return std::make_unique<RecordingHttp>(m_inner->http(source), Tape{source, m_clock, m_archive});
}

std::unique_ptr<Pacing> Recording::pacing(const std::string& source) {
  return std::make_unique<RecordingPacing>(m_inner->pacing(source), Tape{source, m_clock, m_archive});
}

std::function<bool()> Recording::stopping(const std::string& source) {
  std::function<bool()> inner = m_inner->stopping(source);
  if (!inner) return {};
  return [inner = std::move(inner), tape = Tape{source, m_clock, m_archive}, told = false]() mutable {
    const bool stop = inner();
    if (stop && !told) tape.keep_end(KeptAnswer::What::stop, Error(ErrorKind::temporary, "stopped"));
    told = told || stop;
    return stop;
  };
}

}  // namespace coterie
