#pragma once

#include <memory>
#include <string>

#include "coterie/source.hpp"

namespace coterie {

[[nodiscard]] const Source::Traits& openalex_traits();

/// OpenAlex. Works are asked for by lists of up to 100 authors or institutions, single entities by
/// their free address.
///
/// \param settings its address, if there is one, was checked and has no slash at its end
/// \throws Error{configuration} for a page size that the source does not take
[[nodiscard]] std::unique_ptr<Source> make_openalex(const SourceSettings& settings, std::string key);

}  // namespace coterie
