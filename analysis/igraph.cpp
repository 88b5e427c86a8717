#include "analysis/igraph.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "coterie/error.hpp"

namespace coterie::igraph {
namespace {

/// igraph's own handlers print and abort.
void take_errors_as_codes() {
  igraph_set_error_handler(igraph_error_handler_ignore);
  igraph_set_warning_handler(igraph_warning_handler_ignore);
}

}  // namespace

void check(igraph_error_t code, std::string_view call) {
  if (code == IGRAPH_SUCCESS) return;
  if (code == IGRAPH_ENOMEM) {
    // igraph 0.10.2 frees some things twice when memory runs out (igraph_community_leiden for one), so
    // nothing that is on the heap can be trusted any more, not even to be freed.
    std::fputs("coterie: out of memory\n", stderr);
    std::_Exit(exit_code(ErrorKind::system));
  }
  throw Error(ErrorKind::bug, fmt::format("igraph's {} failed with '{}'", call, igraph_strerror(code)));
}

Reals::Reals(std::size_t size) {
  take_errors_as_codes();
  check(igraph_vector_init(&m_vector, static_cast<igraph_integer_t>(size)), "vector_init");
}

Reals::~Reals() { igraph_vector_destroy(&m_vector); }

std::size_t Reals::size() const { return static_cast<std::size_t>(igraph_vector_size(&m_vector)); }

Integers::Integers(std::size_t size) {
  take_errors_as_codes();
  check(igraph_vector_int_init(&m_vector, static_cast<igraph_integer_t>(size)), "vector_int_init");
}

Integers::~Integers() { igraph_vector_int_destroy(&m_vector); }

std::size_t Integers::size() const { return static_cast<std::size_t>(igraph_vector_int_size(&m_vector)); }

Graph::Graph(const Network& network) : m_weights(network.edges()) {
  Integers ends(2 * network.edges());
  std::size_t edge = 0;
  for (Index v = 0; v < network.size(); ++v) {
    const auto neighbours = network.neighbours(v);
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      if (neighbours[k] < v) continue;
      ends[2 * edge] = v;
      ends[2 * edge + 1] = neighbours[k];
      m_weights[edge] = network.weights(v)[k];
      ++edge;
    }
  }
  check(igraph_create(&m_graph, ends.get(), static_cast<igraph_integer_t>(network.size()), IGRAPH_UNDIRECTED),
        "create");
}

Graph::~Graph() { igraph_destroy(&m_graph); }

void seed(std::uint64_t seed) { check(igraph_rng_seed(igraph_rng_default(), seed), "rng_seed"); }

}  // namespace coterie::igraph
