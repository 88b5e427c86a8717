#include "src/identity/corpus_assembly.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "src/identity/works.hpp"

namespace coterie {
namespace {

/// New numbers of things in the order of their keys: `order` lists the old numbers.
std::vector<Index> new_numbers(const std::vector<Index>& order, std::size_t count) {
  std::vector<Index> numbers(count, k_none);
  for (Index i = 0; i < order.size(); ++i) numbers[order[i]] = i;
  return numbers;
}

template <typename Key>
void sort_by_key(std::vector<Index>& order, const Key& key) {
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return key(a) < key(b); });
}

/// Gives the values of rows their new numbers, sorted within each row.
void renumber(Rows<Index>& rows, const std::vector<Index>& numbers, bool sorted) {
  for (Index& value : rows.values) value = numbers[value];
  if (!sorted) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::sort(rows.values.begin() + static_cast<std::ptrdiff_t>(rows.offsets[row]),
              rows.values.begin() + static_cast<std::ptrdiff_t>(rows.offsets[row + 1]));
  }
}

}  // namespace

CorpusAssembly::CorpusAssembly(const Roster& roster, const std::vector<Identity>& identities,
                               Records& records)
    : m_roster(roster),
      m_records(records),
      m_names(records.texts()),
      m_attribution(roster, identities, records.texts(), m_names),
      m_institutions(roster, records),
      m_author_of_person(roster.people.size(), k_none) {}

Index CorpusAssembly::author_number(const Attributed& attributed) {
  const auto next = static_cast<Index>(m_authors.size());
  if (attributed.person != k_none) {
    Index& number = m_author_of_person[attributed.person];
    if (number == k_none) {
      number = next;
      m_authors.push_back({attributed.person, k_no_text, {}, 0});
    }
    return number;
  }
  const Index known = m_author_of_key[attributed.key];
  if (known != k_none) return known;
  m_author_of_key.set(attributed.key, next);
  m_authors.push_back({k_none, attributed.key, {}, 0});
  return next;
}

void CorpusAssembly::note_author(Index author, const BylineEntry& entry, const Attributed& attributed) {
  m_author_names.add(author, entry.printed);
  m_author_orcids.add(author, entry.orcid);
  std::vector<Text>& ids = m_authors[author].ids;
  const bool fresh = std::find(ids.begin(), ids.end(), attributed.id) == ids.end();
  if (attributed.id != k_no_text && fresh) ids.push_back(attributed.id);
}

void CorpusAssembly::add_entry(const BylineEntry& entry, const Attributed& attributed, std::size_t position,
                               std::vector<Slot>& slots) {
  const Index author = author_number(attributed);
  note_author(author, entry, attributed);
  const std::size_t work = m_corpus.works.size();
  if (author >= m_last_slot.size()) m_last_slot.resize(m_authors.size(), {SIZE_MAX, 0});
  auto& [last_work, last_slot] = m_last_slot[author];
  if (last_work != work) {
    last_work = work;
    last_slot = slots.size();
    const std::size_t last_position = std::numeric_limits<std::uint16_t>::max();
    slots.push_back({author, static_cast<std::uint16_t>(std::min(position, last_position)), false, {}});
    if (attributed.by_name) ++m_authors[author].by_name;
  }
  Slot& slot = slots[last_slot];
  for (const std::uint32_t affiliation : entry.affiliations) {
    const auto& read = m_institutions.read(affiliation);
    slot.institutions.insert(slot.institutions.end(), read.begin(), read.end());
    slot.affiliated = slot.affiliated || !read.empty();
  }
}

void CorpusAssembly::add(CorpusWork work, const WorkRecords& records) {
  const Byline byline = merged_byline(records, m_records, m_names);
  const std::vector<Attributed> attributed = m_attribution.attributed(work.ids, byline);
  std::vector<Slot> slots;
  std::uint32_t entries = 0;
  std::uint32_t collectives = 0;
  for (std::size_t i = 0; i < byline.entries.size(); ++i) {
    if (!attributed[i].nobody()) {
      ++entries;
      add_entry(byline.entries[i], attributed[i], i + 1, slots);
    } else if (m_attribution.is_collective(byline.entries[i])) {
      ++collectives;
    }
  }
  for (Slot& slot : slots) {
    std::sort(slot.institutions.begin(), slot.institutions.end());
    const auto end = std::unique(slot.institutions.begin(), slot.institutions.end());
    m_corpus.byline.values.push_back(slot.author);
    m_corpus.slot_position.push_back(slot.position);
    m_corpus.slot_affiliated.push_back(slot.affiliated ? 1 : 0);
    m_corpus.slot_institutions.values.insert(m_corpus.slot_institutions.values.end(),
                                             slot.institutions.begin(), end);
    m_corpus.slot_institutions.end_row();
  }
  m_corpus.byline.end_row();

  std::set<Index> funders;
  for (const Record* record : records) funders.insert(record->funders.begin(), record->funders.end());
  m_corpus.work_funders.values.insert(m_corpus.work_funders.values.end(), funders.begin(), funders.end());
  m_corpus.work_funders.end_row();

  const auto distinct = static_cast<std::uint32_t>(slots.size());
  const std::uint32_t not_people = (entries - distinct) + collectives;
  work.author_count = std::max(byline.told_count - not_people, distinct);
  work.byline_truncated = byline.truncated;
  for (const Record* record : records) work.vanished = std::max(work.vanished, record->vanished);
  if (std::any_of(records.begin(), records.end(), [](const Record* r) { return r->vanished.empty(); }))
    work.vanished.clear();
  m_corpus.works.push_back(std::move(work));
}

void CorpusAssembly::number_authors() {
  const StringPool& texts = m_records.texts();
  const std::vector<Text> names = m_author_names.most_frequent(m_authors.size(), texts);
  const std::vector<Text> orcids = m_author_orcids.most_frequent(m_authors.size(), texts);
  std::vector<CorpusAuthor> authors(m_authors.size());
  for (Index i = 0; i < m_authors.size(); ++i) {
    CorpusAuthor& author = authors[i];
    author.person = m_authors[i].person;
    author.by_name = m_authors[i].by_name;
    author.orcid = texts[orcids[i]];
    author.key = texts[m_authors[i].key];
    author.name = names[i] == k_no_text ? author.key.substr(author.key.find(':') + 1) : texts[names[i]];
    if (author.person != k_none) {
      const Person& person = m_roster.people[author.person];
      author.key = "person:" + person.key;
      author.name = person.name;
      if (!person.orcid.empty()) author.orcid = person.orcid;
    }
    for (const Text id : m_authors[i].ids) author.ids.push_back(texts[id]);
    std::sort(author.ids.begin(), author.ids.end());
  }
  std::vector<Index> order(m_authors.size());
  std::iota(order.begin(), order.end(), Index{0});
  sort_by_key(order, [&](Index i) -> const std::string& { return authors[i].key; });
  const std::vector<Index> numbers = new_numbers(order, m_authors.size());
  for (const Index i : order) m_corpus.authors.push_back(std::move(authors[i]));
  renumber(m_corpus.byline, numbers, false);
  for (Index& author : m_author_of_person) {
    if (author != k_none) author = numbers[author];
  }
}

void CorpusAssembly::number_institutions() {
  std::vector<bool> used(m_institutions.size(), false);
  for (const Index institution : m_corpus.slot_institutions.values) used[institution] = true;
  std::fill_n(used.begin(), m_institutions.watched(), true);
  std::vector<Index> order;
  for (Index i = 0; i < used.size(); ++i) {
    if (used[i]) order.push_back(i);
  }
  const std::size_t named = order.size();
  for (std::size_t i = 0; i < named; ++i) {
    for (const Index above : m_institutions.above(order[i])) {
      if (used[above]) continue;
      used[above] = true;
      order.push_back(above);
    }
  }
  std::vector<CorpusInstitution> described = m_institutions.described(order);
  std::vector<Index> positions(order.size());
  std::iota(positions.begin(), positions.end(), Index{0});
  sort_by_key(positions, [&](Index i) -> const std::string& { return described[i].key; });
  std::vector<Index> sorted;
  for (const Index position : positions) sorted.push_back(order[position]);
  const std::vector<Index> numbers = new_numbers(sorted, m_institutions.size());
  for (const Index position : positions) {
    CorpusInstitution& institution = described[position];
    for (const Index above : m_institutions.above(order[position])) {
      // What stands above an ancestor need not be in the corpus.
      if (numbers[above] != k_none) institution.ancestors.push_back(numbers[above]);
    }
    std::sort(institution.ancestors.begin(), institution.ancestors.end());
    m_corpus.institutions.push_back(std::move(institution));
  }
  renumber(m_corpus.slot_institutions, numbers, true);
}

void CorpusAssembly::number_funders() {
  const StringPool& texts = m_records.texts();
  const std::vector<SourceFunder>& funders = m_records.funders();
  const std::vector<Text> names = m_records.funder_names().most_frequent(funders.size(), texts);
  std::vector<Index> order = m_corpus.work_funders.values;
  std::sort(order.begin(), order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  sort_by_key(order, [&](Index i) -> const std::string& { return texts[funders[i].key]; });
  for (const Index i : order) {
    const std::string& key = texts[funders[i].key];
    const bool named = names[i] != k_no_text;
    m_corpus.funders.push_back({key, named ? texts[names[i]] : key.substr(key.find(':') + 1)});
  }
  renumber(m_corpus.work_funders, new_numbers(order, funders.size()), true);
}

void CorpusAssembly::describe_people() {
  for (Index i = 0; i < m_roster.people.size(); ++i) {
    const Person& person = m_roster.people[i];
    CorpusPerson described;
    described.key = person.key;
    described.name = person.name;
    described.teams = person.teams;
    described.ids = m_attribution.ids_of(i);
    described.author = m_author_of_person[i];
    const bool by_name = described.author != k_none && m_corpus.authors[described.author].by_name > 0;
    if (described.author != k_none) m_corpus.authors[described.author].person = i;
    described.identity = m_attribution.confirmed(i)   ? "confirmed"
                         : m_attribution.probable(i)  ? "probable"
                         : by_name                    ? "by_name"
                         : m_attribution.ambiguous(i) ? "ambiguous"
                                                      : "none";
    m_corpus.people.push_back(std::move(described));
  }
  m_corpus.teams = m_roster.teams();
}

void CorpusAssembly::transpose_byline() {
  const Rows<Index>& byline = m_corpus.byline;
  Rows<Index>& works = m_corpus.works_of_author;
  works.offsets.assign(m_corpus.authors.size() + 1, 0);
  for (const Index author : byline.values) ++works.offsets[author + 1];
  std::partial_sum(works.offsets.begin(), works.offsets.end(), works.offsets.begin());
  works.values.resize(byline.values.size());
  std::vector<std::uint64_t> next(works.offsets.begin(), works.offsets.end() - 1);
  for (Index work = 0; work < byline.size(); ++work) {
    for (const Index author : byline[work]) works.values[next[author]++] = work;
  }
}

Corpus CorpusAssembly::finish() {
  number_authors();
  number_institutions();
  number_funders();
  describe_people();
  transpose_byline();
  return std::move(m_corpus);
}

}  // namespace coterie
