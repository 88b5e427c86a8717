#include <algorithm>
#include <utility>

#include "coterie/date.hpp"
#include "coterie/ids.hpp"
#include "fetchers/openalex_fields.hpp"
#include "fetchers/openalex_record.hpp"

namespace coterie {
namespace {

using namespace openalex;
using simdjson::dom::array;
using simdjson::dom::element;

struct Draft {
  Work work;
  std::string_view printed_id;
  std::string_view display_name;
  std::string_view source_name;
  std::string_view raw_source_name;
  std::string_view host_venue;
  std::string arxiv_of_ids;
  std::string arxiv_of_locations;
  std::optional<std::int64_t> told_author_count;
  std::vector<Funding> funders;
  std::vector<Funding> awards;
  std::vector<Funding> grants;
  const char* fault = nullptr;
};

void read_authorships(Draft& draft, const element& value) {
  draft.work.authorships.clear();
  if (value.is_null()) return;
  array entries;
  if (value.get(entries) != simdjson::SUCCESS) {
    draft.fault = "authorships is no list";
    return;
  }
  draft.work.authorships.reserve(entries.size());
  for (const element entry : entries) {
    if (!entry.is_object()) {
      draft.fault = "an authorship is no object";
      return;
    }
    draft.work.authorships.push_back(authorship_of(entry));
  }
}

struct Location {
  std::string_view id;
  std::string_view landing_page;
  std::string_view pdf;
};

constexpr Field<Location> k_location[] = {
    {"id", [](Location& to, const element& value) { to.id = text_of(value); }},
    {"landing_page_url", [](Location& to, const element& value) { to.landing_page = text_of(value); }},
    {"pdf_url", [](Location& to, const element& value) { to.pdf = text_of(value); }},
};

/// The arXiv identifier that a URL or an OAI identifier names.
std::string arxiv_of(std::string_view text) {
  if (text.find("rxiv") == std::string_view::npos && text.find("rXiv") == std::string_view::npos) return {};
  constexpr std::string_view k_oai = "oai:arXiv.org:";
  if (const std::size_t found = text.find(k_oai); found != std::string_view::npos) {
    text.remove_prefix(found + k_oai.size());
  }
  return arxiv_id(text).value_or(std::string{});
}

void read_location(Draft& draft, const element& value) {
  if (!draft.arxiv_of_locations.empty()) return;
  Location location;
  read_fields(value, k_location, location);
  for (const std::string_view text : {location.landing_page, location.id, location.pdf}) {
    if (draft.arxiv_of_locations.empty()) draft.arxiv_of_locations = arxiv_of(text);
  }
}

constexpr Field<Draft> k_source[] = {
    {"display_name", [](Draft& to, const element& value) { to.source_name = text_of(value); }},
};

constexpr Field<Draft> k_primary_location[] = {
    {"source", [](Draft& to, const element& value) { read_fields(value, k_source, to); }},
    {"raw_source_name", [](Draft& to, const element& value) { to.raw_source_name = text_of(value); }},
};

constexpr Field<Draft> k_host_venue[] = {
    {"display_name", [](Draft& to, const element& value) { to.host_venue = text_of(value); }},
};

constexpr Field<Draft> k_ids[] = {
    {"doi",
     [](Draft& to, const element& value) {
       if (to.work.doi.empty()) to.work.doi = doi(text_of(value)).value_or(std::string{});
     }},
    {"arxiv",
     [](Draft& to, const element& value) {
       to.arxiv_of_ids = arxiv_id(text_of(value)).value_or(std::string{});
     }},
};

constexpr Field<Funding> k_funder[] = {
    {"id", [](Funding& to, const element& value) { to.funder_id = id_of(value, 'F'); }},
    {"display_name", [](Funding& to, const element& value) { assign_text(to.funder_name, value); }},
};

constexpr Field<Funding> k_award[] = {
    {"funder_id", [](Funding& to, const element& value) { to.funder_id = id_of(value, 'F'); }},
    {"funder_display_name", [](Funding& to, const element& value) { assign_text(to.funder_name, value); }},
    {"funder_award_id", [](Funding& to, const element& value) { assign_text(to.award_id, value); }},
};

constexpr Field<Funding> k_grant[] = {
    {"funder", [](Funding& to, const element& value) { to.funder_id = id_of(value, 'F'); }},
    {"funder_display_name", [](Funding& to, const element& value) { assign_text(to.funder_name, value); }},
    {"award_id", [](Funding& to, const element& value) { assign_text(to.award_id, value); }},
};

template <std::size_t N>
std::vector<Funding> funding_of(const element& list, const Field<Funding> (&fields)[N]) {
  std::vector<Funding> entries;
  for_each(list, [&](const element& entry) {
    Funding funding;
    read_fields(entry, fields, funding);
    if (funding != Funding{}) entries.push_back(std::move(funding));
  });
  return entries;
}

void read_date(Draft& draft, const element& value) {
  if (parse_date(text_of(value))) assign_text(draft.work.date, value);
}

void read_references(Draft& draft, const element& value) {
  draft.work.references.clear();
  append_ids(draft.work.references, value, 'W');
}

void read_locations(Draft& draft, const element& value) {
  for_each(value, [&](const element& entry) { read_location(draft, entry); });
}

void read_primary_location(Draft& draft, const element& value) {
  read_fields(value, k_primary_location, draft);
  read_location(draft, value);
}

constexpr Field<Draft> k_work[] = {
    {"id",
     [](Draft& to, const element& value) {
       to.printed_id = text_of(value);
       to.work.id = id_of(value, 'W');
     }},
    {"doi",
     [](Draft& to, const element& value) {
       if (auto found = doi(text_of(value))) to.work.doi = std::move(*found);
     }},
    {"title", [](Draft& to, const element& value) { assign_text(to.work.title, value); }},
    {"display_name", [](Draft& to, const element& value) { to.display_name = text_of(value); }},
    {"publication_year", [](Draft& to, const element& value) { to.work.year = year_of(value); }},
    {"publication_date", read_date},
    {"ids", [](Draft& to, const element& value) { read_fields(value, k_ids, to); }},
    {"language", [](Draft& to, const element& value) { assign_text(to.work.language, value); }},
    {"primary_location", read_primary_location},
    {"locations", read_locations},
    {"host_venue", [](Draft& to, const element& value) { read_fields(value, k_host_venue, to); }},
    {"type", [](Draft& to, const element& value) { assign_text(to.work.type, value); }},
    {"authorships", read_authorships},
    {"authors_count", [](Draft& to, const element& value) { to.told_author_count = number_of(value); }},
    {"is_authors_truncated",
     [](Draft& to, const element& value) { to.work.byline_truncated = flag_of(value); }},
    {"cited_by_count", [](Draft& to, const element& value) { to.work.cited_by = number_of(value); }},
    {"is_retracted", [](Draft& to, const element& value) { to.work.retracted = flag_of(value); }},
    {"awards", [](Draft& to, const element& value) { to.awards = funding_of(value, k_award); }},
    {"funders", [](Draft& to, const element& value) { to.funders = funding_of(value, k_funder); }},
    {"grants", [](Draft& to, const element& value) { to.grants = funding_of(value, k_grant); }},
    {"referenced_works", read_references},
    {"updated_date", [](Draft& to, const element& value) { assign_text(to.work.updated, value); }},
};

/// The awards, in whichever of the two ways they are told, then the funders that none of them names.
std::vector<Funding> all_funding(Draft& draft) {
  std::vector<Funding> funding = std::move(draft.awards.empty() ? draft.grants : draft.awards);
  const auto awards = static_cast<std::ptrdiff_t>(funding.size());
  for (Funding& funder : draft.funders) {
    const auto same_funder = [&](const Funding& award) {
      return funder.funder_id.empty() ? award.funder_name == funder.funder_name
                                      : award.funder_id == funder.funder_id;
    };
    if (std::none_of(funding.begin(), funding.begin() + awards, same_funder)) {
      funding.push_back(std::move(funder));
    }
  }
  return funding;
}

void count_authors(Work& work, std::optional<std::int64_t> told) {
  work.author_count = static_cast<std::uint32_t>(work.authorships.size());
  if (!told || *told <= std::int64_t{work.author_count} || *told > std::int64_t{UINT32_MAX}) return;
  work.author_count = static_cast<std::uint32_t>(*told);
  work.byline_truncated = true;
}

Work finished(Draft&& draft) {
  Work work = std::move(draft.work);
  work.source = "openalex";
  if (work.title.empty()) work.title = draft.display_name;
  for (const std::string_view venue : {draft.source_name, draft.raw_source_name, draft.host_venue}) {
    if (work.venue.empty()) work.venue = venue;
  }
  if (!work.year && !work.date.empty()) work.year = parse_date(work.date)->year;
  if (work.doi.starts_with("10.48550/arxiv.")) work.arxiv = arxiv_id(work.doi).value_or(std::string{});
  if (work.arxiv.empty()) work.arxiv = std::move(draft.arxiv_of_ids);
  if (work.arxiv.empty()) work.arxiv = std::move(draft.arxiv_of_locations);
  work.funding = all_funding(draft);
  count_authors(work, draft.told_author_count);
  return work;
}

}  // namespace

std::variant<Work, Rejected> openalex_work(const element& record) {
  if (!record.is_object()) return rejected({}, "the record is no JSON object");
  Draft draft;
  read_fields(record, k_work, draft);
  if (draft.work.id.empty()) {
    return rejected(draft.printed_id,
                    draft.printed_id.empty() ? "the record has no id" : "the id is no work id");
  }
  if (draft.fault != nullptr) return rejected(draft.work.id, draft.fault);
  return finished(std::move(draft));
}

}  // namespace coterie
