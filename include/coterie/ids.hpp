#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coterie {

// Identifiers as they are written in the world, brought to the one form coterie keeps. Each function gives
// nullopt when the text is not such an identifier; none of them throws. All run in time linear in the text.

/// OpenAlex id of one entity type: `I4210113369` from `https://openalex.org/I4210113369`, `i4210113369` or
/// the id itself. \param letter the type: 'W' work, 'A' author, 'I' institution, 'F' funder, 'S' source of
/// publication
[[nodiscard]] std::optional<std::string> openalex_id(std::string_view text, char letter);

/// ORCID iD as `0000-0002-1825-0097`, from that form, 16 characters without hyphens, or an orcid.org URL.
/// The last character is the ISO 7064 MOD 11-2 check digit and is verified.
/// \see ISO/IEC 7064:2003; https://support.orcid.org, "Structure of the ORCID Identifier"
[[nodiscard]] std::optional<std::string> orcid(std::string_view text);

/// DOI in lower case without prefix: `10.48550/arxiv.2501.12948` from
/// `https://doi.org/10.48550/arXiv.2501.12948`.
[[nodiscard]] std::optional<std::string> doi(std::string_view text);

/// arXiv identifier without version: `2501.12948` or `hep-th/9901001`, from the id, `arXiv:...`, an arxiv.org
/// URL or the DOI 10.48550/arXiv....
[[nodiscard]] std::optional<std::string> arxiv_id(std::string_view text);

/// Version number behind an arXiv identifier (`2104.12255v3` gives 3), nullopt when none is written.
[[nodiscard]] std::optional<int> arxiv_version(std::string_view text);

/// ROR id as its nine characters, `042nb2s44`, from that form or a ror.org URL.
[[nodiscard]] std::optional<std::string> ror(std::string_view text);

}  // namespace coterie
