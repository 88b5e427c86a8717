#pragma once

#include "coterie/source.hpp"

namespace coterie {

/// Reads a list of works. \throws Error{data} if it is not a whole list of OpenAlex
[[nodiscard]] WorkPage read_openalex_works(const HttpResponse& response);

/// Reads a single work as a page of one. \throws Error{data} if it is no work
[[nodiscard]] WorkPage read_openalex_single_work(const HttpResponse& response);

/// Reads a list of authors. \throws Error{data} if it is not a whole list of OpenAlex
[[nodiscard]] AuthorPage read_openalex_authors(const HttpResponse& response);

/// Reads a single author as a page of one. \throws Error{data} if it is no author
[[nodiscard]] AuthorPage read_openalex_single_author(const HttpResponse& response);

}  // namespace coterie
