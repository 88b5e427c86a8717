#pragma once

#include <string>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/study.hpp"
#include "coterie/table.hpp"

namespace coterie::test {

struct DrawnPerson {
  std::string name = {};
  std::vector<std::string> teams = {};
};

struct DrawnInstitution {
  std::string key = {};
  std::vector<std::string> above = {};  ///< keys of all its ancestors
  CorpusInstitution::Kind kind = CorpusInstitution::Kind::watched;
};

struct DrawnAuthorship {
  std::string name = {};             ///< of the author; a drawn person of that name, or anybody
  std::vector<std::string> at = {};  ///< keys of institutions as printed
};

struct DrawnWork {
  std::string key = {};
  int year = 0;
  std::vector<DrawnAuthorship> byline = {};
  std::uint32_t unlisted = 0;  ///< further authors of the byline, not in the corpus
  std::vector<std::string> funders = {};
};

struct Drawing {
  std::vector<DrawnPerson> people = {};
  std::vector<DrawnInstitution> institutions = {};
  std::vector<DrawnWork> works = {};
};

/// The corpus of a drawing, by its docstring: indices in order of keys. The key of a person is its name in
/// roster and the author `person:NAME`; other authors are `name:NAME`; names of institutions are their keys
/// in capitals.
Corpus drawn_corpus(const Drawing& drawing);

/// One byline of authors without institutions.
std::vector<DrawnAuthorship> byline(const std::vector<std::string>& names);

/// Index of the author, work or institution with that key. \throws std::out_of_range
Index author(const Corpus& corpus, const std::string& key);
Index work(const Corpus& corpus, const std::string& key);
Index institution(const Corpus& corpus, const std::string& key);

/// The lines of a table as text: cells of those columns joined by `|`, missing ones empty, reals shortened to
/// six digits.
std::vector<std::string> lines(const Table& table, const std::vector<std::string>& columns);

/// The cells of a column of reals or integers. \throws std::bad_variant_access
const Column::Reals& reals_of(const Table& table, const std::string& column);
const Column::Integers& integers_of(const Table& table, const std::string& column);

}  // namespace coterie::test
