#include "tests/analysis/network_fixtures.hpp"

#include <zlib.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tests/analysis/sample_networks.hpp"

namespace coterie::test {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path.string());
  std::string content;
  std::vector<char> buffer(1 << 16);
  int got = 0;
  while ((got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
  gzclose(file);
  if (got < 0) throw std::runtime_error("cannot read " + path.string());
  std::vector<std::string> lines = cells_of(content, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<std::string> cells_of(const std::string& line, char separator) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == separator) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

PublishedNetwork published_network(const std::filesystem::path& edges, const std::filesystem::path& labels) {
  std::vector<std::string> ids;
  std::vector<std::string> names;
  std::map<std::string, Index> vertex;
  const auto add = [&](const std::string& id, const std::string& name) {
    if (vertex.emplace(id, static_cast<Index>(ids.size())).second) {
      ids.push_back(id);
      names.push_back(name);
    }
  };
  if (!labels.empty()) {
    for (const std::string& line : lines_of(labels))
      add(cells_of(line, '\t').at(0), cells_of(line, '\t').at(1));
  }
  std::size_t lines = 0;
  std::size_t loops = 0;
  std::size_t repeated = 0;
  std::set<std::pair<Index, Index>> seen;
  WeightedEdges links;
  for (const std::string& line : lines_of(edges)) {
    const auto cells = cells_of(line, '\t');
    add(cells.at(0), cells.at(0));
    add(cells.at(1), cells.at(1));
    const Index a = vertex.at(cells[0]);
    const Index b = vertex.at(cells[1]);
    ++lines;
    if (a == b) {
      ++loops;
    } else if (!seen.insert(std::minmax(a, b)).second) {
      ++repeated;
    } else {
      links.emplace_back(a, b, cells.size() > 2 ? std::stod(cells[2]) : 1.0);
    }
  }
  Network network = network_of(ids.size(), links);
  return {std::move(ids), std::move(names), lines, loops, repeated, std::move(network)};
}

TextTable text_table(const std::filesystem::path& path) {
  const std::vector<std::string> lines = lines_of(path);
  const std::vector<std::string> header = cells_of(lines.at(0), '\t');
  TextTable table;
  for (std::size_t row = 1; row < lines.size(); ++row) {
    const std::vector<std::string> cells = cells_of(lines[row], '\t');
    for (std::size_t column = 0; column < header.size(); ++column)
      table[header[column]].push_back(cells.at(column));
  }
  return table;
}

std::map<std::string, std::string> expected_figures(const std::filesystem::path& path,
                                                    const std::string& network) {
  const TextTable table = text_table(path);
  std::map<std::string, std::string> figures;
  for (std::size_t row = 0; row < table.at("network").size(); ++row) {
    if (table.at("network")[row] == network) figures[table.at("metric")[row]] = table.at("value")[row];
  }
  return figures;
}

}  // namespace coterie::test
