#pragma once

#include <igraph/igraph.h>

#include <cstdint>
#include <string_view>

#include "coterie/network.hpp"

/// The few calls of the igraph library, its memory and its errors. igraph is not safe to call from two
/// threads.
namespace coterie::igraph {

/// Throws what an error code of igraph means.
/// Ends the process with the exit code of Error{system} if memory ran out, because igraph then damages the
/// heap. \throws Error{bug} for every other error
void check(igraph_error_t code, std::string_view call);

/// A vector of reals that igraph reads or writes.
class Reals {
 public:
  explicit Reals(std::size_t size = 0);
  ~Reals();
  Reals(const Reals&) = delete;
  Reals& operator=(const Reals&) = delete;

  [[nodiscard]] igraph_vector_t* get() { return &m_vector; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] double& operator[](std::size_t i) { return VECTOR(m_vector)[i]; }
  [[nodiscard]] double operator[](std::size_t i) const { return VECTOR(m_vector)[i]; }

 private:
  igraph_vector_t m_vector{};
};

/// A vector of integers that igraph reads or writes.
class Integers {
 public:
  explicit Integers(std::size_t size = 0);
  ~Integers();
  Integers(const Integers&) = delete;
  Integers& operator=(const Integers&) = delete;

  [[nodiscard]] igraph_vector_int_t* get() { return &m_vector; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] igraph_integer_t& operator[](std::size_t i) { return VECTOR(m_vector)[i]; }
  [[nodiscard]] igraph_integer_t operator[](std::size_t i) const { return VECTOR(m_vector)[i]; }

 private:
  igraph_vector_int_t m_vector{};
};

/// A network as igraph holds it: the same vertices, each link once, and its weights in the order of its
/// edges. From its construction on, errors of igraph come back as codes and its warnings are silent.
class Graph {
 public:
  /// \throws Error as check()
  explicit Graph(const Network& network);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  [[nodiscard]] const igraph_t* get() const { return &m_graph; }
  [[nodiscard]] const igraph_vector_t* weights() { return m_weights.get(); }

 private:
  igraph_t m_graph{};
  Reals m_weights;
};

/// Seeds igraph's random numbers. Only the low 32 bits are used.
/// \throws Error as check()
void seed(std::uint64_t seed);

}  // namespace coterie::igraph
