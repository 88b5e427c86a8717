#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coterie::text {

/// Offset of the first byte that is not well-formed UTF-8, nullopt if all are. \complexity O(length)
[[nodiscard]] std::optional<std::size_t> first_bad_utf8(std::string_view text);

/// The text with white space at both ends taken off (ASCII white space and U+00A0).
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The text with runs of white space and control characters made one space, trimmed.
[[nodiscard]] std::string single_spaced(std::string_view text);

/// The parts between separators, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// The parts with the separator between them.
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

/// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

/// Form under which texts are compared: NFKD, marks dropped, case folded, every run of characters that are
/// neither letters nor digits made one space, trimmed. Letters without a decomposition (o with stroke, sharp
/// s, ...) become their usual ASCII spelling; characters that cannot be seen (soft hyphen, ...) are dropped.
/// Text that is not UTF-8 is read with replacement characters.
/// \complexity O(length)
[[nodiscard]] std::string folded(std::string_view text);

/// Whether `needle` (folded) occurs in `haystack` (folded) as whole words.
[[nodiscard]] bool contains_words(std::string_view haystack, std::string_view needle);

/// The candidate with the smallest edit distance (insert, delete, replace, swap of neighbours), if it is near
/// enough to be meant: at most a third of the longer text, and at least one character in common. Ties: the
/// first.
[[nodiscard]] std::optional<std::string> nearest(std::string_view text,
                                                 std::span<const std::string> candidates);

/// Text made safe for a terminal or a log line: C0 and C1 controls, DEL and characters that change the
/// direction of text are written as escapes.
[[nodiscard]] std::string printable(std::string_view text);

/// Lower-case hexadecimal SHA-256 of the bytes. \see FIPS 180-4
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace coterie::text
