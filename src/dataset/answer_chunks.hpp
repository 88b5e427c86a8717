#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coterie::dataset {

/// Bounds on a piece of a body, in bytes. The last piece may be shorter.
inline constexpr std::size_t k_smallest_chunk = std::size_t{2} << 10;
inline constexpr std::size_t k_largest_chunk = std::size_t{64} << 10;

/// The body cut into pieces, in order. A piece ends where a hash of the 64 bytes before has a certain form,
/// so that pieces away from a change stay the same, wherever they have moved to. \see W. Xia et al. (2014),
/// Ddelta: a deduplication-inspired fast delta compression approach, Performance
///      Evaluation 79, 258-272, doi 10.1016/j.peva.2014.07.016 (gear hash)
/// \complexity O(length)
[[nodiscard]] std::vector<std::string_view> chunks_of(std::string_view body);

/// The bytes compressed (RFC 1950). \param dictionary text that the bytes are likely to resemble; may be
/// empty
[[nodiscard]] std::string compressed(std::string_view bytes, std::string_view dictionary = {});

/// What compressed() was given.
/// \param size of it
/// \throws Error{data} if the bytes are damaged or give another size
[[nodiscard]] std::string decompressed(std::string_view bytes, std::size_t size,
                                       std::string_view dictionary = {});

/// Numbers in few bytes where each is near the one before.
[[nodiscard]] std::string packed_numbers(const std::vector<std::int64_t>& numbers);
/// \throws Error{data} if packed_numbers() did not write that
[[nodiscard]] std::vector<std::int64_t> unpacked_numbers(std::string_view bytes);

}  // namespace coterie::dataset
