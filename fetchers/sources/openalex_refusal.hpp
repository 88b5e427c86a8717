#pragma once

#include <optional>
#include <string>

#include "coterie/source.hpp"

namespace coterie {

/// What an answer of OpenAlex means that is no page. Its three kinds of status 429 are told apart by
/// their body.
/// \param key taken out of the message, should the answer repeat it
[[nodiscard]] std::optional<Refusal> openalex_refusal(const HttpResponse& response, const std::string& key);

}  // namespace coterie
