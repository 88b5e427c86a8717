#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coterie {

/// A day of the Gregorian calendar.
struct Date {
  int year = 0;
  int month = 1;
  int day = 1;

  auto operator<=>(const Date&) const = default;
};

/// `2025-01-22` as a day; nullopt unless it is a real day written that way (a time behind `T` is ignored).
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);

/// The day as `2025-01-22`.
[[nodiscard]] std::string to_string(const Date& date);

/// Years of publication that a study looks at, both ends included; an absent end is open.
struct Window {
  std::optional<int> from;
  std::optional<int> to;

  [[nodiscard]] bool contains(int year) const { return (!from || year >= *from) && (!to || year <= *to); }
  [[nodiscard]] bool open() const { return !from && !to; }

  bool operator==(const Window&) const = default;
};

/// A moment in UTC, in seconds since 1970, as `2026-11-23T03:17:00Z`.
[[nodiscard]] std::string utc_timestamp(std::int64_t seconds);

/// Seconds since 1970 of such a timestamp; nullopt if it is none.
[[nodiscard]] std::optional<std::int64_t> parse_utc_timestamp(std::string_view text);

/// A moment as utc_timestamp() without colons, fit for a file name: `2026-11-23T031700Z`.
[[nodiscard]] std::string utc_file_stamp(std::int64_t seconds);

}  // namespace coterie
