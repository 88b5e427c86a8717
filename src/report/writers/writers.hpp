#pragma once

#include "coterie/writer.hpp"

namespace coterie {

/// Edge list: source,source_label,target,target_label,weight. Vertices without a link do not appear; ids and
/// labels are guarded as the cells of a report are.
void write_edge_list(const NetworkDocument& network, const Sink& sink);

/// The matrix of the weights, symmetric; the vertices' ids and labels are comments, in row order.
void write_network_matrix(const NetworkDocument& network, const Sink& sink);

}  // namespace coterie
