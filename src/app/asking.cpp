#include "src/app/asking.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "version.hpp"

namespace coterie {
namespace {

std::string read_key(const SourceSettings& settings, std::string_view default_variable) {
  if (!settings.key_file.empty()) {
    struct stat status {};
    if (stat(settings.key_file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      throw Error(ErrorKind::configuration,
                  fmt::format("key_file '{}' is open to other people; run chmod 600 on it",
                              settings.key_file.string()));
    }
    return std::string(text::trimmed(read_file(settings.key_file, 4096)));
  }
  const std::string variable = settings.key_env.empty() ? std::string(default_variable) : settings.key_env;
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  return value == nullptr ? std::string() : std::string(text::trimmed(value));
}

/// Where the time of the last request to each host is kept, shared by all studies of a person.
std::filesystem::path state_folder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "coterie";
  }
  const char* home = std::getenv("HOME");
  // cron may start a run without HOME; the temporary folder still keeps the runs of one machine apart.
  if (home == nullptr || *home != '/') return std::filesystem::temp_directory_path() / "coterie-state";
  return std::filesystem::path(home) / ".local" / "state" / "coterie";
}

}  // namespace

std::unique_ptr<Source> configured_source(const StudyFile& study, const std::string& name) {
  const SourceSettings& settings = study.sources.at(name);
  for (const SourceEntry& entry : sources()) {
    if (entry.traits.name == name)
      return make_source(name, settings, read_key(settings, entry.traits.key_env));
  }
  throw Error(ErrorKind::bug,
              fmt::format("source '{}' passed the study's check but is not registered", name));
}

Asking::Asking(const StudyFile& study, const std::string& name, const Options& options, Console& console,
               SourceRun& run)
    : source(configured_source(study, name)),
      http(curl_http(HttpLimits{}, fmt::format("coterie/{}", k_version))),
      pacing(steady_pacing(state_folder(), options.deadline())),
      tools{*http,
            *pacing,
            [&console](const HarvestNews& news) {
              console.progress(news.query.source + ": works", news.fetched, news.expected);
            },
            5,
            {},
            &run} {}

std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace coterie
