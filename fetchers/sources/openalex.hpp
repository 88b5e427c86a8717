#pragma once

#include <memory>
#include <string>

#include "coterie/source.hpp"

namespace coterie {

[[nodiscard]] const Source::Traits& openalex_traits();

/// OpenAlex. Works are asked for by lists of up to 100 authors or institutions, single entities by their free
/// address. \param settings with an address (no slash at its end) and a page size that were checked, or none
[[nodiscard]] std::unique_ptr<Source> make_openalex(const SourceSettings& settings, std::string key);

}  // namespace coterie
