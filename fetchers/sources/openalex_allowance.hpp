#pragma once

#include <optional>

#include "coterie/source.hpp"

namespace coterie {

/// What the `x-ratelimit-*` headers of an answer of OpenAlex tell: what is left of the day, of prepaid money
/// and of one-time credits together, and what the call cost. The headers are optional; older answers tell
/// credits alone. nullopt if nothing tells what is left.
[[nodiscard]] std::optional<Allowance> openalex_allowance(const HttpResponse& response);

}  // namespace coterie
