#pragma once

#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "coterie/network.hpp"

namespace coterie::test {

/// A published network of the fixtures.
struct PublishedNetwork {
  std::vector<std::string> ids;     ///< vertex -> id as in the file of links
  std::vector<std::string> labels;  ///< vertex -> label, the id where there is none
  std::size_t lines = 0;            ///< links in the file, loops included
  std::size_t loops = 0;
  std::size_t repeated = 0;  ///< links that the file had told before
  Network network;
};

/// Reads links (tab-separated, with or without weight, gzipped or not) and labels (id, label), which may be
/// absent.
PublishedNetwork published_network(const std::filesystem::path& edges, const std::filesystem::path& labels);

/// A tab-separated table: column -> cells in order of the lines.
using TextTable = std::map<std::string, std::vector<std::string>>;
TextTable text_table(const std::filesystem::path& path);

/// Metric -> value as written, of one network of expected.tsv.
std::map<std::string, std::string> expected_figures(const std::filesystem::path& path,
                                                    const std::string& network);

/// Lines of a file, gzipped or not.
std::vector<std::string> lines_of(const std::filesystem::path& path);

std::vector<std::string> cells_of(const std::string& line, char separator);

/// What 12 printed digits allow.
inline double tolerance(double expected) { return 2e-11 * std::max(1.0, std::abs(expected)); }

}  // namespace coterie::test
