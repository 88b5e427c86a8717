#pragma once

#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// Whether a measure reads the weights of the links, or takes each link as 1.
enum class Links { unweighted, weighted };

/// Strength (weighted) or degree (unweighted) of each vertex.
[[nodiscard]] std::vector<double> link_sums(const Network& network, Links links);

}  // namespace coterie
