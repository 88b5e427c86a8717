#include "coterie/corpus_builder.hpp"

#include <algorithm>

#include "src/identity/corpus_assembly.hpp"
#include "src/identity/records.hpp"
#include "src/identity/works.hpp"

namespace coterie {
namespace {

bool has_year(const WorkRecords& work) {
  return std::any_of(work.begin(), work.end(), [](const Record* record) { return record->year.has_value(); });
}

}  // namespace

struct CorpusBuilder::State {
  Roster roster;
  std::vector<Identity> identities;
  Window window;
  Records records;
};

CorpusBuilder::CorpusBuilder(const Roster& roster, const std::vector<Identity>& identities,
                             const Window& window)
    : m_state(std::make_unique<State>(State{roster, identities, window, {}})) {}

CorpusBuilder::~CorpusBuilder() = default;

void CorpusBuilder::add(const Work& work) { m_state->records.add(work); }

Corpus CorpusBuilder::build() {
  Records& records = m_state->records;
  struct Kept {
    CorpusWork work;
    const WorkRecords* records;
  };
  const std::vector<WorkRecords> works = group_works(records);
  std::vector<Kept> kept;
  for (const WorkRecords& work : works) {
    CorpusWork merged = merged_work(work, records.texts());
    const bool inside = has_year(work) ? m_state->window.contains(merged.year) : m_state->window.open();
    if (inside) kept.push_back({std::move(merged), &work});
  }
  std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.work.key < b.work.key; });
  CorpusAssembly assembly(m_state->roster, m_state->identities, records);
  for (Kept& one : kept) assembly.add(std::move(one.work), *one.records);
  return assembly.finish();
}

}  // namespace coterie
