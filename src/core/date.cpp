#include "coterie/date.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace coterie {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.front() == '-')
    return std::nullopt;
  return value;
}

struct Clock {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Clock utc(std::int64_t seconds) {
  const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::seconds>(moment - day)};
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (const std::size_t time = text.find('T'); time != std::string_view::npos) text = text.substr(0, time);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date{*year, *month, *day};
}

std::string to_string(const Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string utc_timestamp(std::int64_t seconds) {
  const Clock c = utc(seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(c.day.year()),
                     static_cast<unsigned>(c.day.month()), static_cast<unsigned>(c.day.day()),
                     c.time.hours().count(), c.time.minutes().count(), c.time.seconds().count());
}

std::optional<std::int64_t> parse_utc_timestamp(std::string_view text) {
  const auto date = parse_date(text);
  if (!date || text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z') {
    return std::nullopt;
  }
  const auto hour = number(text.substr(11, 2));
  const auto minute = number(text.substr(14, 2));
  const auto second = number(text.substr(17, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::sys_days day{std::chrono::year_month_day{
      std::chrono::year(date->year), std::chrono::month(static_cast<unsigned>(date->month)),
      std::chrono::day(static_cast<unsigned>(date->day))}};
  return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count() + *hour * 3600 +
         *minute * 60 + *second;
}

std::string utc_file_stamp(std::int64_t seconds) {
  const Clock c = utc(seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}{:02}{:02}Z", static_cast<int>(c.day.year()),
                     static_cast<unsigned>(c.day.month()), static_cast<unsigned>(c.day.day()),
                     c.time.hours().count(), c.time.minutes().count(), c.time.seconds().count());
}

}  // namespace coterie
