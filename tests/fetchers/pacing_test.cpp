#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/harvest.hpp"

namespace coterie {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class PacingTest : public ::testing::Test {
 protected:
  PacingTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "coterie-pacing-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~PacingTest() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::filesystem::path state_file() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }
  void write_state(const std::string& text) const { std::ofstream(state_file()) << text; }

  static std::chrono::milliseconds time(const std::function<void()>& run) {
    const auto began = steady_clock::now();
    run();
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  }

  std::filesystem::path folder;
};

TEST_F(PacingTest, KeepsTheIntervalBetweenRequestsOfARun) {
  const auto pacing = steady_pacing(folder / "deep" / "state", std::nullopt);
  const auto took = time([&] {
    for (int i = 0; i < 4; ++i) pacing->wait_for_turn("api.example", 60ms);
  });
  EXPECT_GE(took, 3 * 60ms);
  EXPECT_LT(took, 3s);
}

TEST_F(PacingTest, KeepsTheIntervalBetweenRuns) {
  steady_pacing(folder, std::nullopt)->wait_for_turn("api.example", 200ms);
  const auto other = steady_pacing(folder, std::nullopt);
  std::this_thread::sleep_for(20ms);  // a stamp of this very millisecond would cost the whole interval
  EXPECT_GE(time([&] { other->wait_for_turn("api.example", 200ms); }), 150ms);
}

TEST_F(PacingTest, RunsAtTheSameTimeShareThePace) {
  const auto took = time([&] {
    std::vector<std::thread> runs;
    for (int i = 0; i < 3; ++i) {
      runs.emplace_back([&] {
        const auto pacing = steady_pacing(folder, std::nullopt);
        for (int n = 0; n < 3; ++n) pacing->wait_for_turn("api.example", 50ms);
      });
    }
    for (std::thread& run : runs) run.join();
  });
  // Stamps are whole milliseconds, so each of the eight waits may be short by one.
  EXPECT_GE(took, 8 * 49ms);
}

TEST_F(PacingTest, HostsDoNotWaitForEachOther) {
  const auto pacing = steady_pacing(folder, std::nullopt);
  pacing->wait_for_turn("one.example", 5s);
  EXPECT_LT(time([&] { pacing->wait_for_turn("two.example", 5s); }), 2s);
}

TEST_F(PacingTest, NoStampCostsMoreThanTheInterval) {
  steady_pacing(folder, std::nullopt)->wait_for_turn("api.example", 1ms);
  for (const char* stamp : {"99999999999999\n", "9223372036854775807\n", "-9223372036854775808\n",
                            "99999999999999999999\n", "", "soon\n", "12", "\n", "0\n"}) {
    write_state(stamp);
    const auto pacing = steady_pacing(folder, std::nullopt);
    EXPECT_LT(time([&] { pacing->wait_for_turn("api.example", 100ms); }), 2s) << stamp;
  }
}

TEST_F(PacingTest, AStampInTheFutureCostsOneInterval) {
  steady_pacing(folder, std::nullopt)->wait_for_turn("api.example", 1ms);
  write_state("99999999999999\n");
  const auto pacing = steady_pacing(folder, std::nullopt);
  EXPECT_GE(time([&] { pacing->wait_for_turn("api.example", 100ms); }), 100ms);
}

TEST_F(PacingTest, HostNamesCannotLeaveTheFolder) {
  const auto pacing = steady_pacing(folder / "state", std::nullopt);
  for (const char* host : {"../../evil", "[::1]:8080", "..", "", "a/b", "nul\nline"}) {
    pacing->wait_for_turn(host, 1ms);
  }
  std::size_t outside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    outside += entry.path().filename() != "state";
  EXPECT_EQ(outside, 0u);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "state")) {
    EXPECT_EQ(entry.path().filename().string().find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"),
              std::string::npos);
  }
}

TEST_F(PacingTest, NothingIsWaitedForBeyondTheDeadline) {
  const auto kind_of = [](const std::function<void()>& run) -> std::optional<ErrorKind> {
    try {
      run();
    } catch (const Error& error) {
      return error.kind();
    }
    return std::nullopt;
  };
  const auto pacing = steady_pacing(folder, steady_clock::now() + 2s);
  pacing->wait_for_turn("api.example", 60s);
  const auto took = time([&] {
    EXPECT_EQ(kind_of([&] { pacing->wait_for_turn("api.example", 60s); }), ErrorKind::temporary);
    EXPECT_EQ(kind_of([&] { pacing->pause(60s); }), ErrorKind::temporary);
  });
  EXPECT_LT(took, 2s);
  EXPECT_EQ(kind_of([&] { pacing->pause(1ms); }), std::nullopt);
}

TEST_F(PacingTest, ALockHeldBySomebodyElseIsNotWaitedForBeyondTheDeadline) {
  steady_pacing(folder, std::nullopt)->wait_for_turn("api.example", 1ms);
  const int other = open(state_file().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  const auto pacing = steady_pacing(folder, steady_clock::now() + 200ms);
  EXPECT_THROW(pacing->wait_for_turn("api.example", 1ms), Error);
  close(other);
}

TEST_F(PacingTest, AFolderThatCannotBeMadeIsAnError) {
  std::ofstream(folder / "file") << "x";
  try {
    (void)steady_pacing(folder / "file" / "state", std::nullopt);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cannot_create);
  }
}

TEST_F(PacingTest, AHoldIsKeptByTheNextRunAndByNoOtherHost) {
  steady_pacing(folder, std::nullopt)->hold("api.example", 400ms);
  const auto pacing = steady_pacing(folder, std::nullopt);
  EXPECT_LT(time([&] { pacing->wait_for_turn("other.example", 1ms); }), 300ms);
  EXPECT_GE(time([&] { pacing->wait_for_turn("api.example", 1ms); }), 250ms);
  EXPECT_LT(time([&] { pacing->wait_for_turn("api.example", 1ms); }), 300ms);
}

TEST_F(PacingTest, AHoldBeyondTheDeadlineEndsTheRun) {
  steady_pacing(folder, std::nullopt)->hold("api.example", 60s);
  const auto pacing = steady_pacing(folder, steady_clock::now() + 1s);
  EXPECT_LT(time([&] { EXPECT_THROW(pacing->wait_for_turn("api.example", 1ms), Error); }), 1s);
}

TEST_F(PacingTest, NoHoldOutlastsAClockThatWasSetBack) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string in_an_hour =
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now + 1h).count()) + "\n";
  for (const std::string& stamp :
       {in_an_hour, std::string("9223372036854775807\n"), std::string("-9223372036854775808\n"),
        std::string("soon\n"), std::string()}) {
    std::ofstream(folder / "not-before-api.example") << stamp;
    EXPECT_LT(time([&] { steady_pacing(folder, std::nullopt)->wait_for_turn("api.example", 1ms); }), 2s)
        << stamp;
  }
}

TEST_F(PacingTest, AStoppedRunDoesNotGoOnWaiting) {
  std::atomic<bool> stopped = false;
  const auto pacing = steady_pacing(folder, std::nullopt, [&] { return stopped.load(); });
  std::thread signal([&] {
    std::this_thread::sleep_for(100ms);
    stopped = true;
  });
  EXPECT_LT(time([&] { EXPECT_THROW(pacing->pause(30s), Error); }), 5s);
  signal.join();
}

TEST_F(PacingTest, ChanceIsBetweenZeroAndOneAndChanges) {
  const auto pacing = steady_pacing(folder, std::nullopt);
  const double first = pacing->chance();
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double next = pacing->chance();
    EXPECT_TRUE(next >= 0 && next < 1);
    differs = differs || next != first;
  }
  EXPECT_TRUE(differs);
}

TEST_F(PacingTest, NowIsATimestamp) {
  EXPECT_TRUE(parse_utc_timestamp(steady_pacing(folder, std::nullopt)->now()));
}

}  // namespace
}  // namespace coterie
