#include "tests/analysis/drawn_corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace coterie::test {
namespace {

/// Names in order -> index, the way of every list of a corpus.
using Places = std::map<std::string, Index>;

void number(Places& places) {
  Index next = 0;
  for (auto& [key, place] : places) place = next++;
}

std::string author_key(const Drawing& drawing, const std::string& name) {
  const bool person =
      std::ranges::any_of(drawing.people, [&](const DrawnPerson& one) { return one.name == name; });
  return (person ? "person:" : "name:") + name;
}

std::string capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

void add_people(Corpus& corpus, const Drawing& drawing, const Places& authors) {
  for (const DrawnPerson& drawn : drawing.people) {
    const auto found = authors.find("person:" + drawn.name);
    CorpusPerson person{drawn.name, capitals(drawn.name), drawn.teams, "confirmed", {}, k_none};
    if (found != authors.end()) {
      person.author = found->second;
      corpus.authors[found->second].person = static_cast<Index>(corpus.people.size());
    } else {
      person.identity = "none";
    }
    corpus.people.push_back(std::move(person));
    corpus.teams.insert(corpus.teams.end(), drawn.teams.begin(), drawn.teams.end());
  }
  std::ranges::sort(corpus.teams);
  corpus.teams.erase(std::ranges::unique(corpus.teams).begin(), corpus.teams.end());
}

void add_institutions(Corpus& corpus, const Drawing& drawing, const Places& places) {
  corpus.institutions.resize(places.size());
  for (const DrawnInstitution& drawn : drawing.institutions) {
    CorpusInstitution& institution = corpus.institutions[places.at(drawn.key)];
    institution.key = drawn.key;
    institution.name = capitals(drawn.key);
    institution.kind = drawn.kind;
    for (const std::string& above : drawn.above) institution.ancestors.push_back(places.at(above));
    std::ranges::sort(institution.ancestors);
  }
}

void add_work(Corpus& corpus, const Drawing& drawing, const DrawnWork& drawn, const Places& authors,
              const Places& institutions, const Places& funders) {
  CorpusWork work;
  work.key = drawn.key;
  work.ids = {drawn.key};
  work.year = drawn.year;
  work.title = "About " + drawn.key;
  work.author_count = static_cast<std::uint32_t>(drawn.byline.size()) + drawn.unlisted;
  work.sources = {"drawn"};
  corpus.works.push_back(std::move(work));
  std::uint16_t position = 0;
  for (const DrawnAuthorship& slot : drawn.byline) {
    corpus.byline.values.push_back(authors.at(author_key(drawing, slot.name)));
    std::vector<Index> printed;
    for (const std::string& key : slot.at) printed.push_back(institutions.at(key));
    std::ranges::sort(printed);
    corpus.slot_institutions.values.insert(corpus.slot_institutions.values.end(), printed.begin(),
                                           printed.end());
    corpus.slot_institutions.end_row();
    corpus.slot_position.push_back(++position);
    corpus.slot_affiliated.push_back(printed.empty() ? 0 : 1);
  }
  corpus.byline.end_row();
  for (const std::string& funder : drawn.funders) corpus.work_funders.values.push_back(funders.at(funder));
  corpus.work_funders.end_row();
}

template <typename Items>
Index index_of(const Items& items, const std::string& key) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].key == key) return static_cast<Index>(i);
  }
  throw std::out_of_range(key);
}

struct Cell {
  std::size_t row;
  std::string operator()(const Column::Texts& cells) const { return cells[row]; }
  std::string operator()(const Column::Integers& cells) const {
    return cells[row] == Column::k_missing ? "" : std::to_string(cells[row]);
  }
  std::string operator()(const Column::Reals& cells) const {
    return std::isnan(cells[row]) ? "" : fmt::format("{:.6g}", cells[row]);
  }
};

}  // namespace

Corpus drawn_corpus(const Drawing& drawing) {
  Places authors;
  Places institutions;
  Places funders;
  std::map<std::string, const DrawnWork*> works;
  for (const DrawnInstitution& drawn : drawing.institutions) institutions[drawn.key] = 0;
  for (const DrawnWork& drawn : drawing.works) {
    works[drawn.key] = &drawn;
    for (const DrawnAuthorship& slot : drawn.byline) authors[author_key(drawing, slot.name)] = 0;
    for (const std::string& funder : drawn.funders) funders[funder] = 0;
  }
  number(authors);
  number(institutions);
  number(funders);

  Corpus corpus;
  for (const auto& [key, place] : authors) {
    CorpusAuthor one;
    one.key = key;
    one.name = capitals(key.substr(key.find(':') + 1));
    corpus.authors.push_back(std::move(one));
  }
  for (const auto& [key, place] : funders) corpus.funders.push_back({key, capitals(key)});
  add_people(corpus, drawing, authors);
  add_institutions(corpus, drawing, institutions);
  for (const auto& [key, drawn] : works) {
    add_work(corpus, drawing, *drawn, authors, institutions, funders);
  }
  for (Index one = 0; one < corpus.authors.size(); ++one) {
    for (Index work = 0; work < corpus.works.size(); ++work) {
      const auto row = corpus.byline[work];
      if (std::ranges::find(row, one) != row.end()) corpus.works_of_author.values.push_back(work);
    }
    corpus.works_of_author.end_row();
  }
  return corpus;
}

std::vector<DrawnAuthorship> byline(const std::vector<std::string>& names) {
  std::vector<DrawnAuthorship> result;
  for (const std::string& name : names) result.push_back({name, {}});
  return result;
}

Index author(const Corpus& corpus, const std::string& key) { return index_of(corpus.authors, key); }
Index work(const Corpus& corpus, const std::string& key) { return index_of(corpus.works, key); }
Index institution(const Corpus& corpus, const std::string& key) { return index_of(corpus.institutions, key); }

std::vector<std::string> lines(const Table& table, const std::vector<std::string>& columns) {
  std::vector<std::string> result(table.rows());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Column* column = table.column(columns[c]);
    if (column == nullptr) throw std::out_of_range(columns[c]);
    for (std::size_t row = 0; row < result.size(); ++row) {
      result[row] += (c == 0 ? "" : "|") + std::visit(Cell{row}, column->values);
    }
  }
  return result;
}

const Column::Reals& reals_of(const Table& table, const std::string& column) {
  return std::get<Column::Reals>(table.column(column)->values);
}

const Column::Integers& integers_of(const Table& table, const std::string& column) {
  return std::get<Column::Integers>(table.column(column)->values);
}

}  // namespace coterie::test
