#include <fmt/format.h>

#include <array>
#include <utility>

#include "coterie/error.hpp"
#include "coterie/source.hpp"
#include "fetchers/http_url.hpp"
#include "fetchers/sources/arxiv.hpp"
#include "fetchers/sources/openalex.hpp"

namespace coterie {
namespace {

/// The settings with an address that can be asked and to which a path can be added.
SourceSettings checked(const Source::Traits& traits, SourceSettings settings) {
  while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
  if (settings.base_url.empty()) return settings;
  const Url url = parse_url(settings.base_url);
  if (!url.safe()) {
    throw Error(
        ErrorKind::configuration,
        fmt::format("base_url '{}' of source '{}' is not https; only this machine may be asked without",
                    url.shown(), traits.name));
  }
  if (settings.base_url.find_first_of("?#") != std::string::npos) {
    throw Error(
        ErrorKind::configuration,
        fmt::format("base_url '{}' of source '{}' goes on behind its path; a scheme, a host and a path "
                    "would be right",
                    url.shown(), traits.name));
  }
  return settings;
}

}  // namespace

std::span<const SourceEntry> sources() {
  static const std::array<SourceEntry, 2> entries{SourceEntry{openalex_traits(), &make_openalex},
                                                  SourceEntry{arxiv_traits(), &make_arxiv}};
  return entries;
}

std::unique_ptr<Source> make_source(std::string_view name, const SourceSettings& settings, std::string key) {
  std::string known;
  for (const SourceEntry& entry : sources()) {
    if (entry.traits.name == name) return entry.make(checked(entry.traits, settings), std::move(key));
    known += (known.empty() ? "" : ", ") + std::string(entry.traits.name);
  }
  throw Error(ErrorKind::configuration, fmt::format("unknown source '{}' (known: {})", name, known));
}

}  // namespace coterie
