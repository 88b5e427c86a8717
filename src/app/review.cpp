#include "src/app/review.hpp"

#include <algorithm>
#include <map>

#include "coterie/util/file.hpp"
#include "coterie/writer.hpp"

namespace coterie {

void write_review(const StudyFile& study, const std::vector<Identity>& identities) {
  std::map<std::string, bool> decided;
  for (const Identity& identity : identities) {
    const bool sure = identity.status == Identity::Status::confirmed;
    decided[identity.person + '\n' + identity.source] |= sure;
  }
  std::vector<const Identity*> lines;
  for (const Identity& identity : identities) lines.push_back(&identity);
  std::stable_sort(lines.begin(), lines.end(), [&](const Identity* a, const Identity* b) {
    return decided[a->person + '\n' + a->source] < decided[b->person + '\n' + b->source];
  });

  Table table{"identities",
              "one line per candidate author record of a person",
              {"person", "source", "author_id"},
              {}};
  Column& person = table.add_text("person", "key of people.csv");
  Column& source = table.add_text("source", "source of the author record");
  Column& author = table.add_text("author_id", "the author's id in that source");
  Column& work = table.add_text("work", "a single work, if the decision is about one");
  Column& decision =
      table.add_text("decision", "same or different; the machine's proposal, empty where it has none");
  Column& by = table.add_text("by", "who decided");
  Column& date = table.add_text("date", "when");
  Column& why = table.add_text("why", "the evidence");
  Column& status = table.add_text("status", "confirmed, probable, ambiguous or rejected");
  Column& name = table.add_text("name", "as the source writes it");
  Column& score = table.add_real("score", "fit of the candidate", "share (0..1)");
  const auto add = [](Column& column, std::string value) {
    std::get<Column::Texts>(column.values).push_back(std::move(value));
  };
  for (const Identity* identity : lines) {
    const bool used =
        identity->status == Identity::Status::confirmed || identity->status == Identity::Status::probable;
    add(person, identity->person);
    add(source, identity->source);
    add(author, identity->author_id);
    add(work, "");
    add(decision, used ? "same" : identity->status == Identity::Status::rejected ? "different" : "");
    add(by, identity->method);
    add(date, "");
    add(why, identity->evidence);
    add(status, std::string(to_string(identity->status)));
    add(name, identity->name);
    std::get<Column::Reals>(score.values).push_back(identity->score);
  }
  make_folders(study.review());
  AtomicFile file(study.review() / "identities.csv");
  write_csv(table, CsvStyle::guarded, [&](std::string_view bytes) { file.write(bytes); });
  file.commit();
}

}  // namespace coterie
