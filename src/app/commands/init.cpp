#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "src/app/commands/commands.hpp"

namespace coterie {
namespace {

constexpr std::string_view k_study =
    R"(# A study of coterie. Every key that is left out has the value shown behind its '#'.

[study]
title = "Who works with whom?"
window = { from = 2012, to = 2025 }   # years of publication, both included; without it: all years

# One table per source; a source without a table is not asked.
[sources.openalex]
key_env = "OPENALEX_API_KEY"          # environment variable that holds your key (free: openalex.org/settings/api)
# key_file = "openalex.key"           # or a file with the key, readable by you alone; never the key itself
# base_url = "https://api.openalex.org"
# page_size = 100

# [sources.arxiv]                     # no key; knows authors by name only, at one question per 3 seconds

[scope]
works_of = ["people"]                 # "coauthors" and "institutions" too: many more calls, see 'coterie check'
max_authors = 100                     # network measures leave out works with more authors; they are reported apart

[analysis]
counting = "fractional"               # what a work with n authors adds to a pair: full 1, fractional 1/(n-1), pair 2/(n(n-1))
normalisation = "none"                # none, association_strength, fractionalization
# metrics = ["degree", "strength", "betweenness"]   # default: all; 'coterie check' names them

# [answers]                           # the sources' answers are kept, so that 'coterie fetch --replay' works without a network
# limit_mb = 4096                     # how large answers.sqlite may become; 0 keeps none

# [influence]                         # the team that is asked about, and whose influence
# team = "my-team"
# compare_with = ["other-team"]
# institutions = ["msra"]
# until = 2025-01-22
)";

constexpr std::string_view k_people =
    R"(key,name,aliases,teams,orcid,openalex,dblp,arxiv,semantic_scholar,affiliation_hints,note
# Only the name is needed, and a plain list of names, one a line, is a valid roster too. Lists are joined by ';'.
# Hints help to tell people of one name apart: names of institutions, or keys of institutions.csv.
# daya-guo,Daya Guo,,deepseek-r1,,,,,,msra,an example; take the '#' away
)";

constexpr std::string_view k_institutions = R"(key,name,parent,openalex,ror,patterns,note
# Institutions to watch. parent is a key of this file; patterns are texts looked for in printed affiliations.
microsoft,Microsoft,,I1290206253,,Microsoft,
msra,Microsoft Research Asia,microsoft,I4210113369,,Microsoft Research Asia;MSRA,
)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> k_files{
    {{"study.toml", k_study}, {"people.csv", k_people}, {"institutions.csv", k_institutions}}};

void setup(CLI::App& app, Options& options) {
  app.add_option("DIR", options.study, "folder of the new study; made if need be")->required()->type_name("");
}

int run(const Options& options, Console& console) {
  for (const auto& [name, text] : k_files) {
    if (std::filesystem::exists(options.study / name)) {
      throw Error(ErrorKind::cannot_create,
                  fmt::format("'{}' is there already; nothing was changed", (options.study / name).string()));
    }
  }
  std::error_code failure;
  std::filesystem::create_directories(options.study, failure);
  if (failure) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("the folder '{}' cannot be made: {}", options.study.string(), failure.message()));
  }
  for (const auto& [name, text] : k_files) {
    AtomicFile file(options.study / name);
    file.write(text);
    file.commit();
  }
  console.result(fmt::format("made {0}/study.toml, people.csv and institutions.csv", options.study.string()));
  console.note(
      fmt::format("next: write names into people.csv, then 'coterie check {}'", options.study.string()));
  return 0;
}

}  // namespace

Command init_command() { return {"init", "make a study to start from", "coterie init my-study", setup, run}; }

}  // namespace coterie
