#pragma once

#include <memory>
#include <string>

#include "coterie/source.hpp"

namespace coterie {

[[nodiscard]] const Source::Traits& arxiv_traits();

/// arXiv's query API. arXiv knows no identity of persons: works are asked for by each form of a
/// person's name, and of the answer only works with exactly that name on the byline are kept (case,
/// accents and the order of its parts aside).
///
/// \param settings its address, if there is one, was checked and has no slash at its end
/// \throws Error{configuration} for a page size that the source does not take
[[nodiscard]] std::unique_ptr<Source> make_arxiv(const SourceSettings& settings, std::string key);

}  // namespace coterie
