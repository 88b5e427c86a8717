#include "src/report/previous_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>

#include "coterie/error.hpp"
#include "coterie/util/csv.hpp"
#include "coterie/util/csv_stream.hpp"
#include "coterie/util/sha256.hpp"

namespace coterie {

struct PreviousTable::Reading {
  Reading(const std::filesystem::path& path, std::string file_name)
      : name(std::move(file_name)), file(path, std::ios::binary), records([this] { return more(); }) {}

  std::string name;
  std::ifstream file;
  Sha256 digest;
  std::array<char, std::size_t{256} << 10U> piece;
  csv::Stream records;

  std::string_view more() {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (file.bad()) throw Error(ErrorKind::io, "cannot be read");
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(file.gcount()));
    digest.update(bytes);
    return bytes;
  }
};

bool is_the_files_fault(const Error& error) {
  return error.kind() == ErrorKind::no_input || error.kind() == ErrorKind::data ||
         error.kind() == ErrorKind::configuration;
}

PreviousTable::PreviousTable(const PreviousReport& report, const std::string& name) {
  const std::string file_name = name + ".csv";
  const std::filesystem::path path = report.folder / file_name;
  std::error_code error;
  // A pipe would be waited for, and a device may never end.
  if (!std::filesystem::is_regular_file(path, error))
    throw Error(ErrorKind::no_input, fmt::format("{}: there is no such file", file_name));
  m_reading = std::make_unique<Reading>(path, file_name);
  if (!m_reading->file.is_open()) {
    const bool closed = ::access(path.c_str(), R_OK) != 0;
    throw Error(closed ? ErrorKind::no_input : ErrorKind::io, fmt::format("{}: cannot be opened", file_name));
  }
  if (const auto known = report.sha256.find(file_name); known != report.sha256.end()) {
    m_published = known->second;
  }
  const auto raw = report.configuration.find("csv_raw");
  m_guarded = raw == report.configuration.end() || raw->second != "true";
  try {
    if (!m_reading->records.next()) throw Error(ErrorKind::data, "empty");
  } catch (const Error& failure) {
    throw failure.within(file_name);
  }
  for (const std::string_view id : m_reading->records.cells()) m_header.emplace_back(id);
}

PreviousTable::~PreviousTable() = default;

std::optional<std::size_t> PreviousTable::find_column(std::string_view id) const {
  const auto found = std::ranges::find(m_header, id);
  if (found == m_header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - m_header.begin());
}

std::size_t PreviousTable::column(std::string_view id) const {
  if (const auto found = find_column(id)) return *found;
  throw Error(ErrorKind::data, fmt::format("{}: has no column '{}'", m_reading->name, id));
}

void PreviousTable::for_each_line(const std::function<void(Cells)>& take) {
  csv::Stream& records = m_reading->records;
  try {
    while (records.next()) {
      if (records.cells().size() != m_header.size()) {
        throw Error(ErrorKind::data, fmt::format("record {}: {} cells, and the header has {}",
                                                 records.number(), records.cells().size(), m_header.size()));
      }
      take(records.cells());
    }
    if (!m_published.empty() && m_reading->digest.hex() != m_published)
      throw Error(ErrorKind::data, "not as it was published, its SHA-256 differs from that in run.json");
  } catch (const Error& error) {
    throw error.within(m_reading->name);
  }
}

std::string_view PreviousTable::text(std::string_view cell) const {
  return m_guarded ? csv::unguarded(cell) : cell;
}

double real_of(std::string_view cell) {
  double value = 0.0;
  const auto [end, status] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const bool whole = !cell.empty() && status == std::errc() && end == cell.data() + cell.size();
  return whole && std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace coterie
