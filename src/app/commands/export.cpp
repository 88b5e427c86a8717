#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "coterie/error.hpp"
#include "coterie/tables.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "coterie/writer.hpp"
#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

std::vector<std::string> formats() {
  std::vector<std::string> names;
  for (const WriterEntry& writer : writers()) names.emplace_back(writer.format);
  return names;
}

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_option("--format", options.format, "format: " + text::join(formats(), ", "))
      ->required()
      ->type_name("FORMAT");
  app.add_option("-o,--output", options.output, "file to write; - for standard output")
      ->required()
      ->type_name("FILE");
}

const WriterEntry& chosen_writer(const std::string& format) {
  for (const WriterEntry& writer : writers()) {
    if (writer.format == format) return writer;
  }
  const auto near = text::nearest(format, formats());
  throw Error(ErrorKind::usage, fmt::format("--format: unknown format '{}'{} (known: {})", format,
                                            near ? fmt::format(", did you mean '{}'?", *near) : "",
                                            text::join(formats(), ", ")));
}

/// The author network with what is known of its authors.
NetworkDocument document_of(const StudyFile& study_file, const Study& study) {
  NetworkDocument document;
  document.title = study_file.title;
  Column works{"works", "works in the window", "works", Column::Integers{}};
  Column person{"person", "key of people.csv", "", Column::Texts{}};
  for (std::size_t i = 0; i < study.corpus.authors.size(); ++i) {
    const CorpusAuthor& author = study.corpus.authors[i];
    document.ids.push_back(author.key);
    document.labels.push_back(author.name);
    std::get<Column::Integers>(works.values)
        .push_back(static_cast<std::int64_t>(study.corpus.works_of_author[i].size()));
    std::get<Column::Texts>(person.values)
        .push_back(author.person == k_none ? "" : study.corpus.people[author.person].key);
  }
  document.attributes = {std::move(works), std::move(person)};
  for (Index from = 0; from < study.authors.size(); ++from) {
    const auto neighbours = study.authors.neighbours(from);
    const auto weights = study.authors.weights(from);
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      if (neighbours[k] > from) document.links.push_back({from, neighbours[k], weights[k]});
    }
  }
  return document;
}

int run(const Options& options, Console& console) {
  const WriterEntry& writer = chosen_writer(options.format);
  const StudyFile study_file = named_study(options);
  const auto study = load_study(study_file, stored_dataset(study_file));
  const NetworkDocument document = document_of(study_file, *study);
  if (options.output == "-") {
    writer.write(document, [&](std::string_view bytes) { console.raw(bytes); });
    return 0;
  }
  AtomicFile file(options.output);
  writer.write(document, [&](std::string_view bytes) { file.write(bytes); });
  file.commit();
  console.note(fmt::format("wrote {} authors and {} links to {}", document.ids.size(), document.links.size(),
                           options.output.string()));
  return 0;
}

}  // namespace

Command export_command() {
  return {"export", "write the author network in an exchange format",
          "coterie export my-study --format csv -o edges.csv", setup, run};
}

}  // namespace coterie
