#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <mutex>
#include <random>
#include <string_view>
#include <system_error>
#include <thread>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/harvest.hpp"

namespace coterie {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// The file that holds the time of the last request to a host, locked against other runs while it is open.
class TurnFile {
 public:
  explicit TurnFile(const std::filesystem::path& path)
      : m_path(path), m_descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (m_descriptor < 0) fail(ErrorKind::cannot_create, "cannot be opened");
  }
  ~TurnFile() { close(m_descriptor); }
  TurnFile(const TurnFile&) = delete;
  TurnFile& operator=(const TurnFile&) = delete;

  /// Takes the lock if it is free.
  bool lock() {
    while (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) return false;
      fail(ErrorKind::io, "cannot be locked");
    }
    return true;
  }

  /// Milliseconds since 1970 of the last request; nullopt when the file holds no such number.
  [[nodiscard]] std::optional<std::int64_t> read() const {
    char bytes[32];
    const ssize_t length = pread(m_descriptor, bytes, sizeof(bytes), 0);
    if (length <= 0) return std::nullopt;
    std::int64_t stamp = 0;
    const auto [end, error] = std::from_chars(bytes, bytes + length, stamp);
    if (error != std::errc() || end == bytes + length || *end != '\n') return std::nullopt;
    return stamp;
  }

  void write(std::int64_t stamp) {
    // Fixed width, so that a shorter number leaves nothing of a longer one behind.
    const std::string line = fmt::format("{:015}\n", stamp);
    if (ftruncate(m_descriptor, 0) != 0 ||
        pwrite(m_descriptor, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) {
      fail(ErrorKind::io, "cannot be written");
    }
  }

 private:
  [[noreturn]] void fail(ErrorKind kind, std::string_view what) const {
    throw Error(kind, fmt::format("'{}' {}: {}", m_path.string(), what,
                                  std::error_code(errno, std::generic_category()).message()));
  }

  std::filesystem::path m_path;
  int m_descriptor;
};

/// A hold longer than this comes from a clock that was set back; no wait that a source asks for is longer.
constexpr milliseconds k_longest_hold = std::chrono::seconds(120);
constexpr milliseconds k_slice{50};  // after which a waiting run looks whether it is stopped

std::string file_name(std::string_view what, std::string_view host) {
  constexpr std::size_t k_longest = 200;
  std::string name(host.substr(0, k_longest));
  for (char& c : name) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (!plain) c = '_';
  }
  return std::string(what) + name;
}

class SteadyPacing final : public Pacing {
 public:
  SteadyPacing(std::filesystem::path folder, std::optional<steady_clock::time_point> deadline,
               std::function<bool()> stopping)
      : m_folder(std::move(folder)), m_deadline(deadline), m_stopping(std::move(stopping)) {
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
    if (error) {
      throw Error(ErrorKind::cannot_create,
                  fmt::format("folder '{}' cannot be made: {}", m_folder.string(), error.message()));
    }
  }

  void wait_for_turn(const std::string& host, milliseconds interval) override {
    pause(held(host));
    TurnFile file(m_folder / file_name("last-request-", host));
    take_lock(file, host, interval);
    pause(std::max(wait_by_file(file, interval), wait_by_steady_clock(host, interval)));
    file.write(wall_clock());
    const std::lock_guard lock(m_mutex);
    m_last[host] = steady_clock::now();
  }

  void pause(milliseconds duration) override {
    if (duration < milliseconds(0)) duration = milliseconds(0);
    if (m_deadline && steady_clock::now() + duration > *m_deadline) {
      throw Error(ErrorKind::temporary, "the time set for this run is over");
    }
    const auto end = steady_clock::now() + duration;
    for (;;) {
      if (m_stopping && m_stopping()) throw Error(ErrorKind::temporary, "the run was stopped");
      const auto left = end - steady_clock::now();
      if (left <= steady_clock::duration::zero()) return;
      std::this_thread::sleep_for(std::min<steady_clock::duration>(left, k_slice));
    }
  }

  void hold(const std::string& host, milliseconds duration) override {
    TurnFile file(m_folder / file_name("not-before-", host));
    if (!file.lock()) return;  // another run is told the same at this moment
    file.write(wall_clock() + std::clamp(duration, milliseconds(0), k_longest_hold).count());
  }

  double chance() override {
    const std::lock_guard lock(m_mutex);
    return std::uniform_real_distribution<double>(0, 1)(m_random);
  }

  std::string now() override { return utc_timestamp(wall_clock() / 1000); }

 private:
  static std::int64_t wall_clock() {
    return std::chrono::duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }

  /// Another run holds the lock while it waits, that is for an interval at most; one that was stopped in
  /// between must not stop this one for ever.
  void take_lock(TurnFile& file, const std::string& host, milliseconds interval) {
    const auto give_up = steady_clock::now() + 20 * interval + std::chrono::seconds(60);
    while (!file.lock()) {
      if (steady_clock::now() > give_up) {
        throw Error(ErrorKind::temporary, fmt::format("another run keeps its turn to ask '{}'", host));
      }
      pause(milliseconds(10));
    }
  }

  /// What is left of the time for which an earlier run holds the host.
  milliseconds held(const std::string& host) const {
    const std::filesystem::path path = m_folder / file_name("not-before-", host);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return milliseconds(0);
    const std::optional<std::int64_t> until = TurnFile(path).read();
    if (!until || *until < 0) return milliseconds(0);
    const milliseconds left(*until - wall_clock());
    return left > k_longest_hold ? milliseconds(0) : std::max(left, milliseconds(0));
  }

  /// What is left of the interval after the last request of any run. A stamp in the future comes from a clock
  /// that was set back, and costs one interval at most.
  static milliseconds wait_by_file(const TurnFile& file, milliseconds interval) {
    const std::optional<std::int64_t> last = file.read();
    if (!last || *last < 0) return milliseconds(0);
    const std::int64_t now = wall_clock();
    if (*last >= now) return interval;
    return milliseconds(std::max<std::int64_t>(0, interval.count() - (now - *last)));
  }

  /// The same for this run alone, which no change of the wall clock disturbs.
  milliseconds wait_by_steady_clock(const std::string& host, milliseconds interval) const {
    const std::lock_guard lock(m_mutex);
    const auto last = m_last.find(host);
    if (last == m_last.end()) return milliseconds(0);
    const auto left = last->second + interval - steady_clock::now();
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(left));
  }

  std::filesystem::path m_folder;
  std::optional<steady_clock::time_point> m_deadline;
  std::function<bool()> m_stopping;
  mutable std::mutex m_mutex;
  std::map<std::string, steady_clock::time_point> m_last;
  std::mt19937_64 m_random{std::random_device{}()};
};

}  // namespace

std::unique_ptr<Pacing> steady_pacing(const std::filesystem::path& state_folder,
                                      std::optional<steady_clock::time_point> deadline,
                                      std::function<bool()> stopping) {
  return std::make_unique<SteadyPacing>(state_folder, deadline, std::move(stopping));
}

}  // namespace coterie
