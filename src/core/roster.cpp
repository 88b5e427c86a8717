#include "coterie/roster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"
#include "src/core/csv_table.hpp"

namespace coterie {
namespace {

const std::vector<std::string> k_people_columns{"key",
                                                "name",
                                                "aliases",
                                                "teams",
                                                "orcid",
                                                "openalex",
                                                "dblp",
                                                "arxiv",
                                                "semantic_scholar",
                                                "affiliation_hints",
                                                "note"};
const std::vector<std::string> k_institution_columns{"key", "name",     "parent", "openalex",
                                                     "ror", "patterns", "note"};
const std::vector<std::string> k_decision_columns{"person",   "source", "author_id", "work",
                                                  "decision", "by",     "date",      "why"};
const std::vector<std::string> k_relation_columns{"from", "to", "kind", "from_date", "to_date", "source_url"};

[[noreturn]] void refuse(const std::string& place, const std::string& message) {
  throw Error(ErrorKind::configuration, place + ": " + message);
}

/// Keys stand in lists joined by ';', in column names and on command lines.
void check_key(const std::string& place, const std::string& key) {
  if (key.find_first_of(";,\t\n\"") != std::string::npos) {
    refuse(place,
           fmt::format("key '{}' holds a character that cannot stand in a key (; , \" or a tab)", key));
  }
}

std::vector<std::string> checked_openalex(const std::string& place, const std::vector<std::string>& ids,
                                          char letter) {
  std::vector<std::string> checked;
  for (const std::string& id : ids) {
    const auto good = openalex_id(id, letter);
    if (!good) {
      refuse(place,
             fmt::format("'{}' is no OpenAlex id of this kind ('{}' and digits, for example {}5023888391)",
                         id, letter, letter));
    }
    checked.push_back(*good);
  }
  return checked;
}

std::string checked_orcid(const std::string& place, const std::string& text) {
  if (text.empty()) return {};
  const auto good = orcid(text);
  if (!good) {
    refuse(place,
           fmt::format(
               "'{}' is no ORCID iD: 16 characters like 0000-0002-1825-0097, and its last character must "
               "be the right check digit",
               text));
  }
  return *good;
}

std::string checked_date(const std::string& place, const std::string& text) {
  const bool year_only =
      text.size() == 4 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!text.empty() && !year_only && !parse_date(text)) {
    refuse(place, fmt::format("'{}' is no date (2020-12-31, or a year)", text));
  }
  return text;
}

/// A key made from a name where the file gives none: its folded words joined by hyphens.
std::string key_from_name(const std::string& name) {
  std::string key = text::folded(name);
  std::replace(key.begin(), key.end(), ' ', '-');
  return key.empty() ? name : key;
}

Person read_person(const CsvTable::Line& line) {
  Person person;
  person.line = line.number();
  person.name = text::single_spaced(line.cell("name"));
  if (person.name.empty()) refuse(line.place(), "the cell 'name' is empty");
  person.key = line.cell("key");
  if (person.key.empty()) person.key = key_from_name(person.name);
  check_key(line.place(), person.key);
  person.aliases = line.list("aliases");
  person.teams = line.list("teams");
  person.orcid = checked_orcid(line.place(), line.cell("orcid"));
  person.openalex = checked_openalex(line.place(), line.list("openalex"), 'A');
  person.dblp = line.list("dblp");
  person.arxiv = line.list("arxiv");
  person.semantic_scholar = line.list("semantic_scholar");
  person.affiliation_hints = line.list("affiliation_hints");
  person.note = line.cell("note");
  return person;
}

/// A roster is a table if its first line names the column `name`; otherwise every line is a name.
bool is_table(const csv::Record& first) {
  return std::any_of(first.cells.begin(), first.cells.end(),
                     [](const std::string& cell) { return text::lower(text::trimmed(cell)) == "name"; });
}

Person named_person(const std::string& file, const csv::Record& record) {
  const std::string place = fmt::format("{}, line {}", file, record.line);
  // "Guo, Daya" reads as two cells, which is one name written family name first.
  if (record.cells.size() > 2) {
    refuse(place,
           fmt::format(
               "{} cells in a plain list of names; a table needs a first line that names its columns: {}",
               record.cells.size(), text::join(k_people_columns, ",")));
  }
  Person person;
  person.line = record.line;
  person.name = text::single_spaced(record.cells.size() == 2 ? record.cells[1] + " " + record.cells[0]
                                                             : record.cells[0]);
  if (person.name.empty()) refuse(place, "an empty name");
  person.key = key_from_name(person.name);
  return person;
}

std::vector<Person> read_people(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::no_input, fmt::format("there is no {} beside study.toml (a name a line is enough)",
                                                 path.filename().string()));
  }
  const std::string file = path.filename().string();
  std::vector<csv::Record> records = read_csv(path);
  std::vector<Person> people;
  if (!records.empty() && is_table(records.front())) {
    const std::array<std::string, 1> required{"name"};
    const CsvTable table(file, std::move(records), k_people_columns, required);
    for (const CsvTable::Line& line : table.lines()) people.push_back(read_person(line));
  } else if (!records.empty() && records.front().cells.size() > 2) {
    refuse(fmt::format("{}, line {}", file, records.front().line),
           fmt::format("no column 'name' in the first line (known columns: {})",
                       text::join(k_people_columns, ", ")));
  } else {
    for (const csv::Record& record : records) people.push_back(named_person(file, record));
  }
  if (people.empty()) throw Error(ErrorKind::configuration, file + ": names nobody; write one name a line");
  return people;
}

/// \throws Error{configuration} if a key stands twice, naming both lines
template <typename Item>
void check_unique(const std::string& file, const std::vector<Item>& items) {
  std::map<std::string_view, std::size_t> lines;
  for (const Item& item : items) {
    const auto [earlier, fresh] = lines.emplace(item.key, item.line);
    if (!fresh) {
      refuse(
          fmt::format("{}, line {}", file, item.line),
          fmt::format("key '{}' stands in line {} already; each needs a key of its own in the column 'key'",
                      item.key, earlier->second));
    }
  }
}

/// One author id cannot be two people.
void check_claims(const std::string& file, const std::vector<Person>& people) {
  std::map<std::string_view, const Person*> claims;
  for (const Person& person : people) {
    for (const std::string& id : person.openalex) {
      const auto [earlier, fresh] = claims.emplace(id, &person);
      if (!fresh) {
        refuse(fmt::format("{}, line {}", file, person.line),
               fmt::format("'{}' is given to '{}' in line {} already", id, earlier->second->name,
                           earlier->second->line));
      }
    }
  }
}

std::vector<WatchedInstitution> read_institutions(const std::filesystem::path& path) {
  std::vector<WatchedInstitution> institutions;
  if (!std::filesystem::exists(path)) return institutions;
  const std::array<std::string, 1> required{"name"};
  const CsvTable table(path.filename().string(), read_csv(path), k_institution_columns, required);
  for (const CsvTable::Line& line : table.lines()) {
    WatchedInstitution institution;
    institution.line = line.number();
    institution.name = text::single_spaced(line.cell("name"));
    if (institution.name.empty()) refuse(line.place(), "the cell 'name' is empty");
    institution.key = line.cell("key");
    if (institution.key.empty()) institution.key = key_from_name(institution.name);
    check_key(line.place(), institution.key);
    institution.parent = line.cell("parent");
    institution.openalex = checked_openalex(line.place(), line.list("openalex"), 'I');
    if (const std::string written = line.cell("ror"); !written.empty()) {
      const auto good = ror(written);
      if (!good)
        refuse(line.place(), fmt::format("'{}' is no ROR id (nine characters like 0300m5276)", written));
      institution.ror = *good;
    }
    institution.patterns = line.list("patterns");
    for (const std::string& pattern : institution.patterns) {
      if (text::folded(pattern).empty()) {
        refuse(
            line.place(),
            fmt::format("pattern '{}' has neither a letter nor a digit and would match everything", pattern));
      }
    }
    institution.note = line.cell("note");
    institutions.push_back(std::move(institution));
  }
  check_unique(path.filename().string(), institutions);
  return institutions;
}

void check_parents(const std::string& file, const Roster& roster) {
  for (const WatchedInstitution& institution : roster.institutions) {
    const std::string place = fmt::format("{}, line {}", file, institution.line);
    std::set<std::string_view> seen{institution.key};
    const WatchedInstitution* above = &institution;
    while (!above->parent.empty()) {
      const WatchedInstitution* next = roster.institution(above->parent);
      if (next == nullptr) {
        std::vector<std::string> keys;
        for (const WatchedInstitution& other : roster.institutions) keys.push_back(other.key);
        const auto near = text::nearest(above->parent, keys);
        refuse(place, fmt::format("parent '{}' is no key of this file{}", above->parent,
                                  near ? fmt::format(", did you mean '{}'?", *near) : ""));
      }
      if (!seen.insert(next->key).second) {
        refuse(place, fmt::format("'{}' stands above itself through its parents", institution.key));
      }
      above = next;
    }
  }
}

IdentityDecision read_decision(const CsvTable::Line& line, const Roster& roster) {
  IdentityDecision decision;
  decision.line = line.number();
  decision.person = line.cell("person");
  if (roster.person(decision.person) == nullptr) {
    std::vector<std::string> keys;
    for (const Person& person : roster.people) keys.push_back(person.key);
    const auto near = text::nearest(decision.person, keys);
    refuse(line.place(), fmt::format("person '{}' is no key of people.csv{}", decision.person,
                                     near ? fmt::format(", did you mean '{}'?", *near) : ""));
  }
  decision.source = line.cell("source");
  decision.author_id = line.cell("author_id");
  if (decision.source == "openalex" && !decision.author_id.empty()) {
    decision.author_id = checked_openalex(line.place(), {decision.author_id}, 'A').front();
  }
  decision.work = line.cell("work");
  if (decision.source.empty() && decision.work.empty()) {
    refuse(line.place(), "neither 'source' nor 'work' says what the decision is about");
  }
  const std::string verdict = text::lower(line.cell("decision"));
  if (verdict != "same" && verdict != "different") {
    refuse(line.place(), fmt::format("decision '{}' is not understood ('same' or 'different')", verdict));
  }
  decision.verdict =
      verdict == "same" ? IdentityDecision::Verdict::same : IdentityDecision::Verdict::different;
  decision.by = line.cell("by");
  decision.date = checked_date(line.place(), line.cell("date"));
  decision.why = line.cell("why");
  return decision;
}

std::vector<IdentityDecision> read_decisions(const std::filesystem::path& path, const Roster& roster) {
  std::vector<IdentityDecision> decisions;
  if (!std::filesystem::exists(path)) return decisions;
  const std::array<std::string, 2> required{"person", "decision"};
  const CsvTable table(path.filename().string(), read_csv(path), k_decision_columns, required);
  using Subject = std::array<std::string, 4>;
  std::map<Subject, const IdentityDecision*> subjects;
  for (const CsvTable::Line& line : table.lines()) decisions.push_back(read_decision(line, roster));
  for (const IdentityDecision& decision : decisions) {
    const Subject subject{decision.person, decision.source, decision.author_id, decision.work};
    const auto [earlier, fresh] = subjects.emplace(subject, &decision);
    if (!fresh && earlier->second->verdict != decision.verdict) {
      refuse(fmt::format("{}, line {}", path.filename().string(), decision.line),
             fmt::format("contradicts line {} about '{}'", earlier->second->line, decision.person));
    }
  }
  return decisions;
}

std::vector<Relation> read_relations(const std::filesystem::path& path) {
  std::vector<Relation> relations;
  if (!std::filesystem::exists(path)) return relations;
  const std::array<std::string, 3> required{"from", "to", "kind"};
  const CsvTable table(path.filename().string(), read_csv(path), k_relation_columns, required);
  for (const CsvTable::Line& line : table.lines()) {
    Relation relation{line.cell("from"),      line.cell("to"),      line.cell("kind"),
                      line.cell("from_date"), line.cell("to_date"), line.cell("source_url"),
                      line.number()};
    if (relation.from.empty() || relation.to.empty() || relation.kind.empty()) {
      refuse(line.place(), "'from', 'to' and 'kind' must all be given");
    }
    checked_date(line.place(), relation.from_date);
    checked_date(line.place(), relation.to_date);
    if (!relation.source_url.empty() && !relation.source_url.starts_with("https://") &&
        !relation.source_url.starts_with("http://")) {
      refuse(line.place(),
             fmt::format("source_url '{}' is no web address (https://...)", relation.source_url));
    }
    relations.push_back(std::move(relation));
  }
  return relations;
}

}  // namespace

const Person* Roster::person(std::string_view key) const {
  const auto found =
      std::find_if(people.begin(), people.end(), [&](const Person& p) { return p.key == key; });
  return found == people.end() ? nullptr : &*found;
}

const WatchedInstitution* Roster::institution(std::string_view key) const {
  const auto found = std::find_if(institutions.begin(), institutions.end(),
                                  [&](const WatchedInstitution& i) { return i.key == key; });
  return found == institutions.end() ? nullptr : &*found;
}

std::vector<std::string> Roster::teams() const {
  std::set<std::string> names;
  for (const Person& person : people) names.insert(person.teams.begin(), person.teams.end());
  return {names.begin(), names.end()};
}

Roster read_roster(const std::filesystem::path& folder) {
  Roster roster;
  roster.people = read_people(folder / "people.csv");
  check_unique("people.csv", roster.people);
  check_claims("people.csv", roster.people);
  roster.institutions = read_institutions(folder / "institutions.csv");
  check_parents("institutions.csv", roster);
  roster.decisions = read_decisions(folder / "identities.csv", roster);
  roster.relations = read_relations(folder / "relations.csv");
  return roster;
}

}  // namespace coterie
