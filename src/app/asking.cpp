#include "src/app/asking.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "src/app/interruption.hpp"
#include "version.hpp"

namespace coterie {
namespace {

/// The key in a file, which must not give any of the `open_to` permissions.
std::string key_in(const std::filesystem::path& file, mode_t open_to) {
  struct stat status {};
  if (stat(file.c_str(), &status) == 0 && (status.st_mode & open_to) != 0) {
    throw Error(ErrorKind::configuration,
                fmt::format("key_file '{}' is open to other people; run chmod 600 on it", file.string()));
  }
  return std::string(text::trimmed(read_file(file, 4096)));
}

/// The file in which systemd hands a service the source's key (LoadCredential=openalex.key:...).
std::filesystem::path credential(const std::string& source) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder != '/') return {};
  const std::filesystem::path file = std::filesystem::path(folder) / (source + ".key");
  std::error_code failure;
  return std::filesystem::exists(file, failure) ? file : std::filesystem::path();
}

/// The key file that the study names, else the variable, else the credential.
std::string read_key(const SourceSettings& settings, const Source::Traits& traits) {
  if (!settings.key_file.empty()) return key_in(settings.key_file, S_IRWXG | S_IRWXO);
  const std::string variable = settings.key_env.empty() ? std::string(traits.key_env) : settings.key_env;
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  if (value != nullptr) return std::string(text::trimmed(value));
  const std::filesystem::path file = traits.key_env.empty() ? "" : credential(std::string(traits.name));
  // The group's bit shows the mask of an access list where systemd lets the service's user read by one.
  return file.empty() ? std::string() : key_in(file, S_IRWXO | S_IWGRP | S_IXGRP);
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

std::string key_of(const StudyFile& study, const std::string& name) {
  for (const SourceEntry& entry : sources()) {
    if (entry.traits.name == name) return read_key(study.sources.at(name), entry.traits);
  }
  throw Error(ErrorKind::bug,
              fmt::format("source '{}' passed the study's check but is not registered", name));
}

class Network final : public Transport {
 public:
  explicit Network(const Options& options) : m_deadline(options.deadline()) {}

  bool sends_keys() const override { return true; }
  std::unique_ptr<Http> http(const std::string& /*source*/) override {
    return curl_http(HttpLimits{}, fmt::format("coterie/{}", k_version), [end = m_deadline] {
      return Interruption::impatient() || (end && std::chrono::steady_clock::now() > *end);
    });
  }
  std::unique_ptr<Pacing> pacing(const std::string& /*source*/) override {
    return steady_pacing(state_folder(), m_deadline, &Interruption::asked);
  }
  std::function<bool()> stopping(const std::string& /*source*/) override { return &Interruption::asked; }

 private:
  std::optional<std::chrono::steady_clock::time_point> m_deadline;
};

/// The source without its key, which is not even looked for.
std::unique_ptr<Source> keyless_source(const StudyFile& study, const std::string& name) {
  return make_source(name, study.sources.at(name), {});
}

}  // namespace

std::unique_ptr<Transport> network(const Options& options) { return std::make_unique<Network>(options); }

std::unique_ptr<Source> configured_source(const StudyFile& study, const std::string& name, Console* console) {
  std::string key = key_of(study, name);
  if (console != nullptr) console->hide(key);
  return make_source(name, study.sources.at(name), std::move(key));
}

Asking::Asking(const StudyFile& study, const std::string& name, Transport& transport, Console& console,
               SourceRun& run)
    : source(transport.sends_keys() ? configured_source(study, name, &console) : keyless_source(study, name)),
      http(transport.http(name)),
      pacing(transport.pacing(name)),
      tools{*http, *pacing, {}, 5, transport.stopping(name), &run, [&console](std::string_view text) {
              return console.redacted(text);
            }} {}

std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace coterie
