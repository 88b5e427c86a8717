#include "src/app/interruption.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace coterie {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Interruption, NothingIsAskedAtFirst) {
  const Interruption interruption;
  EXPECT_FALSE(Interruption::asked());
  EXPECT_FALSE(Interruption::impatient());
  Interruption::check("nothing");
}

TEST(Interruption, FirstSignalAsksForTheEnd) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interruption interruption;
    std::raise(signal);
    EXPECT_TRUE(Interruption::asked());
    EXPECT_FALSE(Interruption::impatient());
    try {
      Interruption::check("12 works are kept");
      ADD_FAILURE() << "no exception";
    } catch (const Stopped& stopped) {
      EXPECT_EQ(stopped.signal(), signal);
      const std::string account = stopped.what();
      EXPECT_TRUE(account.starts_with("stopped by SIG")) << account;
      EXPECT_TRUE(account.ends_with(": 12 works are kept")) << account;
    }
  }
  EXPECT_NE(alarm(0), 20U) << "the alarm of the last one is taken back";
}

TEST(Interruption, SleepEndsEarly) {
  const Interruption interruption;
  const auto begin = steady_clock::now();
  std::thread other([target = pthread_self()] {
    std::this_thread::sleep_for(100ms);
    pthread_kill(target, SIGTERM);
  });
  Interruption::sleep(30s);
  EXPECT_LT(steady_clock::now() - begin, 5s);
  other.join();
}

TEST(InterruptionDeathTest, SecondSignalEndsAtOnce) {
  EXPECT_EXIT(
      {
        const Interruption interruption;
        std::raise(SIGINT);
        std::raise(SIGINT);  // so soon after the first it is the same
        std::this_thread::sleep_for(400ms);
        std::raise(SIGTERM);
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(InterruptionDeathTest, RunThatDoesNotEndIsEnded) {
  EXPECT_EXIT(
      {
        const Interruption interruption;
        std::raise(SIGHUP);
        std::raise(SIGALRM);  // what comes after 20 seconds
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGHUP), "");
}

TEST(InterruptionDeathTest, AfterwardsSignalsHaveTheirUsualAction) {
  EXPECT_EXIT(
      {
        { const Interruption interruption; }
        std::raise(SIGTERM);
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(InterruptionDeathTest, IgnoredSignalStaysIgnored) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        const Interruption interruption;
        std::raise(SIGHUP);
        std::_Exit(Interruption::asked() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace coterie
