#include "src/app/progress.hpp"

#include <gtest/gtest.h>

namespace coterie {
namespace {

using namespace std::chrono_literals;

Progress works() {
  return {.what = "works",
          .done = 1200,
          .total = 4000,
          .at_least = false,
          .calls = 12,
          .cost = 0.0012,
          .source = "openalex"};
}

TEST(Grouped, CommasBetweenThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(100000), "100,000");
  EXPECT_EQ(grouped(18446744073709551615ULL), "18,446,744,073,709,551,615");
}

TEST(ProgressLine, TellsEverything) {
  // 1,000 of the 1,200 came in 40 s: 25 a second, and 2,800 are left.
  EXPECT_EQ(progress_line(works(), {200, 40}),
            "openalex: works: 1,200 of 4,000, 12 calls, $0.0012, 25/s, 1 min 52 s left");
}

TEST(ProgressLine, LeavesOutWhatIsNotKnown) {
  Progress news;
  news.what = "import";
  news.done = 7;
  EXPECT_EQ(progress_line(news, {0, 0.1}), "import: 7");
  news.total = 7;
  EXPECT_EQ(progress_line(news, {0, 14}), "import: 7 of 7, 0.5/s");
  news.at_least = true;
  news.calls = 1;
  news.detail = "a\x1b[31m";
  EXPECT_EQ(progress_line(news, {7, 14}), "import (a\\x1b[31m): 7 of at least 7, 1 call");
}

TEST(ProgressLine, NoStrangeTimes) {
  Progress news = works();
  news.total = UINT64_MAX;
  EXPECT_TRUE(progress_line(news, {1199, 1000}).ends_with("100 h 00 min left"));
  EXPECT_EQ(Pace({1200, 10}).left(works()), std::nullopt) << "no rate, no time left";
  EXPECT_EQ(Pace({5000, 10}).rate(works()), 0) << "a step may fall behind where it began";
}

TEST(ProgressBar, KeepsToTheWidth) {
  const Pace pace{200, 40};
  const std::string whole = "[#######.................] " + progress_line(works(), pace);
  EXPECT_EQ(progress_bar(works(), pace, 200), whole);
  EXPECT_EQ(progress_bar(works(), pace, whole.size()), whole);
  EXPECT_EQ(progress_bar(works(), pace, whole.size() - 1),
            "[#######.................] openalex: works: 1,200 of 4,000, 12 calls, 25/s, 1 min 52 s left");
  EXPECT_EQ(progress_bar(works(), pace, 60), "openalex: works: 1,200 of 4,000, 1 min 52 s left");
  EXPECT_EQ(progress_bar(works(), pace, 30), "openalex: works: 1,200 of 4,00");
  for (std::size_t width = 0; width < 120; ++width)
    EXPECT_LE(progress_bar(works(), pace, width).size(), width);
}

TEST(ProgressBar, CountsCharactersAndNotBytes) {
  Progress news;
  news.what = "\u00e9\u00e9\u00e9\u00e9";
  EXPECT_EQ(progress_bar(news, {}, 3), "\u00e9\u00e9\u00e9");
}

TEST(ProgressBar, FillsUp) {
  Progress news = works();
  news.done = 4000;
  EXPECT_TRUE(progress_bar(news, {}, 200).starts_with("[########################] "));
  news.done = 5000;  // lists grow while they are read
  EXPECT_TRUE(progress_bar(news, {}, 200).starts_with("[########################] "));
  news.total = 0;
  EXPECT_TRUE(progress_bar(news, {}, 200).starts_with("openalex"));
}

TEST(ProgressMeter, ShowsTheFirstThenAtIntervalsAndTheLast) {
  const ProgressMeter::Moment start{1000s};
  ProgressMeter meter(5s, 30s, start);
  Progress news = works();
  EXPECT_TRUE(meter.begins(news));
  EXPECT_TRUE(meter.take(news, start).show);
  EXPECT_FALSE(meter.begins(news));
  EXPECT_FALSE(meter.take(news, start + 4s).show);
  news.done = 1300;
  const ProgressMeter::Due due = meter.take(news, start + 5s);
  EXPECT_TRUE(due.show);
  EXPECT_EQ(due.pace.rate(news), 20);
  EXPECT_FALSE(meter.end(start + 6s)) << "the last news are shown already";
  EXPECT_TRUE(meter.take(news, start + 7s).show) << "a new step";
  news.done = 1400;
  EXPECT_FALSE(meter.take(news, start + 8s).show);
  const auto last = meter.end(start + 9s);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->progress.done, 1400U);
  EXPECT_EQ(last->pace.seconds, 2);
}

TEST(ProgressMeter, LogsAtMostEveryHalfMinuteWhateverTheStep) {
  const ProgressMeter::Moment start{1000s};
  ProgressMeter meter(5s, 30s, start);
  int logged = 0;
  for (int second = 0; second <= 95; ++second) {
    Progress news = works();
    news.source = second % 2 == 0 ? "openalex" : "arxiv";
    logged += meter.take(news, start + std::chrono::seconds(second)).log ? 1 : 0;
  }
  EXPECT_EQ(logged, 3);
}

}  // namespace
}  // namespace coterie
