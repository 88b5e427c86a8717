#include "src/app/coverage.hpp"

#include <algorithm>
#include <map>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

/// Cells of one line; what is not known stays missing.
struct Line {
  std::string source;
  std::string person;
  std::string query;
  std::int64_t expected = Column::k_missing;
  std::int64_t fetched = Column::k_missing;
  std::int64_t rejected = Column::k_missing;
  std::int64_t truncated_bylines = Column::k_missing;
  std::int64_t authorships = Column::k_missing;
  std::int64_t unknown_affiliations = Column::k_missing;
  std::string complete_as_of;
  std::string gap;
};

/// Works and affiliations of one person as one source told them.
Line person_line(const Study& study, const CorpusPerson& person, const std::string& source) {
  Line line;
  line.source = source;
  line.person = person.key;
  line.fetched = line.truncated_bylines = line.authorships = line.unknown_affiliations = 0;
  if (person.author == k_none) return line;
  const Corpus& corpus = study.corpus;
  for (const Index work : corpus.works_of_author[person.author]) {
    const CorpusWork& told = corpus.works[work];
    if (!std::binary_search(told.sources.begin(), told.sources.end(), source)) continue;
    ++line.fetched;
    ++line.authorships;
    line.truncated_bylines += told.byline_truncated ? 1 : 0;
    for (std::uint64_t slot = corpus.byline.offsets[work]; slot < corpus.byline.offsets[work + 1]; ++slot) {
      if (corpus.byline.values[slot] == person.author && corpus.slot_affiliated[slot] == 0)
        ++line.unknown_affiliations;
    }
  }
  return line;
}

/// What stands behind the person's queries: a person whose every query is complete is complete as of the
/// oldest.
void add_queries(Line& line, const std::vector<QueryState>& queries, const std::vector<Gap>& gaps) {
  bool complete = false;
  for (const QueryState& query : queries) {
    if (query.source != line.source || query.lookup) continue;
    if (std::find(query.people.begin(), query.people.end(), line.person) == query.people.end()) continue;
    complete = true;
    if (line.complete_as_of.empty() || query.complete_as_of < line.complete_as_of)
      line.complete_as_of = query.complete_as_of;
  }
  for (const Gap& gap : gaps) {
    if (gap.source != line.source) continue;
    if (std::find(gap.people.begin(), gap.people.end(), line.person) == gap.people.end()) continue;
    complete = false;
    line.gap += (line.gap.empty() ? "" : "; ") + gap.reason;
  }
  if (!complete) line.complete_as_of.clear();
}

Line source_line(const SourceState& state) {
  Line line;
  line.source = state.source;
  line.person = "(all)";
  line.fetched = static_cast<std::int64_t>(state.records);
  line.authorships = static_cast<std::int64_t>(state.authorships);
  line.truncated_bylines = static_cast<std::int64_t>(state.truncated_bylines);
  line.unknown_affiliations = static_cast<std::int64_t>(state.unknown_affiliations);
  return line;
}

Line query_line(const QueryState& query, const std::vector<Gap>& gaps) {
  Line line;
  line.source = query.source;
  line.person = query.people.size() == 1 ? query.people.front() : "";
  line.query = query.key;
  if (query.expected) line.expected = static_cast<std::int64_t>(*query.expected);
  line.fetched = static_cast<std::int64_t>(query.fetched);
  line.rejected = static_cast<std::int64_t>(query.rejected);
  line.complete_as_of = query.complete ? query.complete_as_of : "";
  for (const Gap& gap : gaps) {
    if (gap.source == query.source && gap.query == query.key) line.gap = gap.reason;
  }
  return line;
}

Line import_line(const ImportState& import) {
  Line line;
  line.source = import.format;
  // Without the hash, which the order of a file's lines changes; 'coterie status' tells it.
  line.query = "file " + import.file;
  line.expected = static_cast<std::int64_t>(import.works + import.rejected);
  line.fetched = static_cast<std::int64_t>(import.works);
  line.rejected = static_cast<std::int64_t>(import.rejected);
  return line;
}

Table as_table(const std::vector<Line>& lines) {
  Table table{"coverage",
              "one line per source and person, per source, and per query or imported file",
              {"source", "person", "query"},
              {}};
  const auto text = [&](const char* id, const char* label, std::string Line::*field) {
    auto& cells = std::get<Column::Texts>(table.add_text(id, label).values);
    for (const Line& line : lines) cells.push_back(line.*field);
  };
  const auto integer = [&](const char* id, const char* label, const char* unit, std::int64_t Line::*field) {
    auto& cells = std::get<Column::Integers>(table.add_integer(id, label, unit).values);
    for (const Line& line : lines) cells.push_back(line.*field);
  };
  text("source", "source, or format of an imported file", &Line::source);
  text("person", "key of people.csv; (all) for the source as a whole", &Line::person);
  text("query", "what was asked, or the imported file; empty for a person or a source as a whole",
       &Line::query);
  integer("expected", "records the source announced", "works", &Line::expected);
  integer("fetched", "records stored; for a person, works of the window", "works", &Line::fetched);
  integer("rejected", "records that could not be read", "works", &Line::rejected);
  integer("truncated_bylines", "works whose byline is not whole", "works", &Line::truncated_bylines);
  integer("authorships", "authorships behind the line", "authorships", &Line::authorships);
  integer("unknown_affiliations", "authorships without any affiliation", "authorships",
          &Line::unknown_affiliations);
  text("complete_as_of", "moment as of which nothing is missing; empty if something is",
       &Line::complete_as_of);
  text("gap", "what is missing and why", &Line::gap);
  return table;
}

}  // namespace

Table coverage_table(const Study& study, const Dataset& dataset) {
  const std::vector<QueryState> queries = dataset.queries();
  const std::vector<Gap> gaps = dataset.gaps();
  std::vector<Line> lines;
  for (const SourceState& source : dataset.sources()) {
    lines.push_back(source_line(source));
    for (const CorpusPerson& person : study.corpus.people) {
      lines.push_back(person_line(study, person, source.source));
      add_queries(lines.back(), queries, gaps);
    }
  }
  for (const QueryState& query : queries) {
    // A lookup brings no works; it stands here only when it failed.
    const Line line = query_line(query, gaps);
    if (!query.lookup || !line.gap.empty()) lines.push_back(line);
  }
  std::vector<ImportState> imports = dataset.imports();
  std::sort(imports.begin(), imports.end(), [](const ImportState& a, const ImportState& b) {
    return std::tie(a.file, a.sha256) < std::tie(b.file, b.sha256);
  });
  for (const ImportState& import : imports) lines.push_back(import_line(import));
  return as_table(lines);
}

}  // namespace coterie
