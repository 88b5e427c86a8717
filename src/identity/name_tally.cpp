#include "src/identity/name_tally.hpp"

#include <algorithm>

namespace coterie {

std::vector<Text> NameTally::most_frequent(std::size_t count, const StringPool& texts) const {
  std::vector<Told> told = m_told;
  std::sort(told.begin(), told.end());
  std::vector<Text> best(count, k_no_text);
  std::vector<std::size_t> times(count, 0);
  for (auto run = told.begin(); run != told.end();) {
    const auto end = std::find_if(run, told.end(), [&](const Told& other) { return other != *run; });
    const auto length = static_cast<std::size_t>(end - run);
    const bool better = length > times[run->thing] ||
                        (length == times[run->thing] && texts[run->name] < texts[best[run->thing]]);
    if (better) {
      best[run->thing] = run->name;
      times[run->thing] = length;
    }
    run = end;
  }
  return best;
}

}  // namespace coterie
