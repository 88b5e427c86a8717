#include <unistd.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>

#include "coterie/changes.hpp"
#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "src/report/previous_table.hpp"

namespace coterie {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;  // sorts the members of objects

/// run.json grows with the number of gaps and files only.
constexpr std::size_t k_longest_run_json = std::size_t{64} << 20U;
/// What every program that reads numbers as doubles still tells apart.
constexpr std::int64_t k_largest_number = std::int64_t{1} << 53U;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// JSON as one text, whatever bytes its texts hold.
std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

void read_run(const Json& run, PreviousReport& report) {
  report.dataset_fingerprint = text_of(run, "dataset_fingerprint");
  if (const auto found = run.find("configuration"); found != run.end() && found->is_object()) {
    for (const auto& [key, value] : found->items()) report.configuration[key] = dumped(value);
  }
  if (const auto found = run.find("gaps"); found != run.end() && found->is_array()) {
    for (const Json& gap : *found) {
      if (gap.is_string()) report.gaps.push_back(gap.get<std::string>());
    }
  }
  if (const auto found = run.find("files"); found != run.end() && found->is_array()) {
    for (const Json& file : *found) {
      if (file.is_object() && !text_of(file, "sha256").empty())
        report.sha256[text_of(file, "path")] = text_of(file, "sha256");
    }
  }
}

/// A whole number as labels are written, nullopt for anything else.
std::optional<std::int64_t> label_of(std::string_view cell) {
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (status != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  if (value < 1 || value > k_largest_number) return std::nullopt;
  return value;
}

}  // namespace

std::string canonical_json(const std::string& text) {
  const Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? dumped(text) : dumped(parsed);
}

std::optional<PreviousReport> latest_report(const fs::path& reports) {
  std::error_code error;
  const fs::path folder = fs::canonical(reports / "latest", error);
  const bool absent = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory ||
                      error == std::errc::too_many_symbolic_link_levels ||
                      error == std::errc::permission_denied;
  if (error && !absent) throw Error(ErrorKind::io, "reports/latest: " + error.message());
  if (error || !fs::is_directory(folder, error)) return std::nullopt;
  PreviousReport report;
  report.folder = folder;
  report.name = folder.filename().string();
  try {
    const fs::path path = folder / "run.json";
    if (!fs::is_regular_file(path, error) || ::access(path.c_str(), R_OK) != 0) return report;
    const Json run = Json::parse(read_file(path, k_longest_run_json), nullptr, false);
    if (!run.is_object()) return report;
    read_run(run, report);
    report.told = true;
  } catch (const Error& failure) {
    if (!is_the_files_fault(failure)) throw;
    // Too long: as if it were not there.
  }
  return report;
}

std::unordered_map<std::string, std::int64_t> community_numbers(const PreviousReport& report,
                                                                const std::string& table,
                                                                std::vector<std::string>& not_compared) {
  std::unordered_map<std::string, std::int64_t> numbers;
  try {
    PreviousTable lines(report, table);
    const std::size_t key = lines.column("key");
    const auto community = lines.find_column("community");
    if (!community) return {};
    lines.for_each_line([&](PreviousTable::Cells cells) {
      if (const auto label = label_of(cells[*community])) {
        numbers.emplace(lines.text(cells[key]), *label);
      }
    });
    return numbers;
  } catch (const Error& error) {
    if (!is_the_files_fault(error)) throw;
    not_compared.emplace_back(error.what());
    return {};
  }
}

}  // namespace coterie
