#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/ids.hpp"
#include "fetchers/files/json_record.hpp"
#include "fetchers/files/line_format.hpp"

namespace coterie {

namespace {

using json::Field;
using json::Value;

constexpr auto k_optional = json::Presence::optional;
constexpr auto k_told = json::Presence::required;
constexpr auto k_told_or_null = json::Presence::required_or_null;

constexpr std::int64_t k_version = 1;
constexpr std::int64_t k_latest_year = 9999;
constexpr std::string_view k_header_example = R"({"coterie":"works","version":1,"source":"NAME"})";

/// An identifier in the form coterie keeps; an empty text stands for none.
template <typename Normalise>
std::string identifier(const Value& value, Normalise normalise, std::string_view expected) {
  const std::string text = json::text(value);
  if (text.empty()) return text;
  std::optional<std::string> id = normalise(text);
  if (!id) throw json::unexpected(value, expected);
  return std::move(*id);
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether the text is a year, a month of a year, or a day.
bool is_date(std::string_view text) {
  if (text.size() == 4) return all_digits(text);
  if (text.size() == 7) return parse_date(std::string(text) + "-01").has_value();
  return text.size() == 10 && parse_date(text).has_value();
}

std::string date(const Value& value) {
  std::string text = json::text(value);
  if (!text.empty() && !is_date(text)) throw json::unexpected(value, "a date (YYYY, YYYY-MM or YYYY-MM-DD)");
  return text;
}

std::string orcid_of(const Value& value) {
  return identifier(
      value, [](std::string_view text) { return orcid(text); }, "an ORCID iD");
}

constexpr std::array k_institution_fields{
    Field<Institution>{"id", k_optional, [](const Value& v, Institution& i) { i.id = json::text(v); }},
    Field<Institution>{"name", k_optional, [](const Value& v, Institution& i) { i.name = json::text(v); }},
    Field<Institution>{"ror", k_optional,
                       [](const Value& v, Institution& i) {
                         i.ror = identifier(
                             v, [](std::string_view text) { return ror(text); }, "a ROR id");
                       }},
    Field<Institution>{"country", k_optional,
                       [](const Value& v, Institution& i) { i.country = json::text(v); }},
    Field<Institution>{"type", k_optional, [](const Value& v, Institution& i) { i.type = json::text(v); }},
    Field<Institution>{"lineage", k_optional,
                       [](const Value& v, Institution& i) { i.lineage = json::texts(v); }},
};

constexpr std::array k_affiliation_fields{
    Field<PrintedAffiliation>{"text", k_told,
                              [](const Value& v, PrintedAffiliation& a) { a.text = json::text(v); }},
    Field<PrintedAffiliation>{
        "institution_ids", k_optional,
        [](const Value& v, PrintedAffiliation& a) { a.institution_ids = json::texts(v); }},
};

/// An affiliation is a text, or an object when institutions were read in it.
void read_affiliations(const Value& value, Authorship& authorship) {
  for (const Value item : json::list(value)) {
    PrintedAffiliation& affiliation = authorship.affiliations.emplace_back();
    try {
      if (item.is_object()) {
        json::read_object<PrintedAffiliation>(item, k_affiliation_fields, affiliation);
      } else {
        affiliation.text = json::text(item);
      }
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{}: {}", authorship.affiliations.size(), error.what()));
    }
  }
}

/// An author under construction: the source's own name may follow from the printed one.
struct Author : Authorship {
  bool has_own_name = false;
};

constexpr std::array k_author_fields{
    Field<Author>{"name", k_told_or_null, [](const Value& v, Author& a) { a.raw_name = json::text(v); }},
    Field<Author>{"known_as", k_optional,
                  [](const Value& v, Author& a) {
                    a.name = json::text(v);
                    a.has_own_name = true;
                  }},
    Field<Author>{"id", k_optional, [](const Value& v, Author& a) { a.author_id = json::text(v); }},
    Field<Author>{"orcid", k_optional, [](const Value& v, Author& a) { a.orcid = orcid_of(v); }},
    Field<Author>{"corresponding", k_optional,
                  [](const Value& v, Author& a) { a.corresponding = json::flag(v); }},
    Field<Author>{"affiliations", k_optional, [](const Value& v, Author& a) { read_affiliations(v, a); }},
    Field<Author>{"institutions", k_optional,
                  [](const Value& v, Author& a) {
                    json::read_list<Institution>(v, k_institution_fields, a.institutions);
                  }},
};

void read_authors(const Value& value, Work& work) {
  std::vector<Author> authors;
  json::read_list<Author>(value, k_author_fields, authors);
  for (Author& author : authors) {
    if (!author.has_own_name && !author.author_id.empty()) author.name = author.raw_name;
    work.authorships.push_back(std::move(author));
  }
}

constexpr std::array k_funding_fields{
    Field<Funding>{"funder", k_optional, [](const Value& v, Funding& f) { f.funder_name = json::text(v); }},
    Field<Funding>{"funder_id", k_optional, [](const Value& v, Funding& f) { f.funder_id = json::text(v); }},
    Field<Funding>{"award", k_optional, [](const Value& v, Funding& f) { f.award_id = json::text(v); }},
};

/// A work under construction: what is not told follows from the byline.
struct Line : Work {
  std::optional<std::uint32_t> told_author_count;
  std::optional<bool> told_truncated;
};

constexpr std::array k_work_fields{
    Field<Line>{"id", k_told,
                [](const Value& v, Line& w) {
                  w.id = json::text(v);
                  if (w.id.empty()) throw json::unexpected(v, "the work's id");
                }},
    Field<Line>{"title", k_optional, [](const Value& v, Line& w) { w.title = json::text(v); }},
    Field<Line>{
        "year", k_optional,
        [](const Value& v, Line& w) { w.year = static_cast<int>(json::whole_number(v, 1, k_latest_year)); }},
    Field<Line>{"date", k_optional, [](const Value& v, Line& w) { w.date = date(v); }},
    Field<Line>{"venue", k_optional, [](const Value& v, Line& w) { w.venue = json::text(v); }},
    Field<Line>{"type", k_optional, [](const Value& v, Line& w) { w.type = json::text(v); }},
    Field<Line>{"language", k_optional, [](const Value& v, Line& w) { w.language = json::text(v); }},
    Field<Line>{"journal_reference", k_optional,
                [](const Value& v, Line& w) { w.journal_reference = json::text(v); }},
    Field<Line>{"doi", k_optional,
                [](const Value& v, Line& w) {
                  w.doi = identifier(
                      v, [](std::string_view text) { return doi(text); }, "a DOI");
                }},
    Field<Line>{"arxiv", k_optional,
                [](const Value& v, Line& w) {
                  w.arxiv = identifier(
                      v, [](std::string_view text) { return arxiv_id(text); }, "an arXiv id");
                }},
    Field<Line>{"version", k_optional,
                [](const Value& v, Line& w) {
                  w.version = static_cast<int>(json::whole_number(v, 0, std::numeric_limits<int>::max()));
                }},
    Field<Line>{"updated", k_optional, [](const Value& v, Line& w) { w.updated = json::text(v); }},
    Field<Line>{"cited_by", k_optional,
                [](const Value& v, Line& w) {
                  w.cited_by = json::whole_number(v, 0, std::numeric_limits<std::int64_t>::max());
                }},
    Field<Line>{"retracted", k_optional, [](const Value& v, Line& w) { w.retracted = json::flag(v); }},
    Field<Line>{"author_count", k_optional,
                [](const Value& v, Line& w) {
                  w.told_author_count = static_cast<std::uint32_t>(
                      json::whole_number(v, 0, std::numeric_limits<std::uint32_t>::max()));
                }},
    Field<Line>{"byline_truncated", k_optional,
                [](const Value& v, Line& w) { w.told_truncated = json::flag(v); }},
    Field<Line>{"authors", k_optional, [](const Value& v, Line& w) { read_authors(v, w); }},
    Field<Line>{"funding", k_optional,
                [](const Value& v, Line& w) { json::read_list<Funding>(v, k_funding_fields, w.funding); }},
    Field<Line>{"references", k_optional, [](const Value& v, Line& w) { w.references = json::texts(v); }},
};

Work finished(Line line) {
  const std::size_t authors = line.authorships.size();
  line.author_count = line.told_author_count.value_or(static_cast<std::uint32_t>(authors));
  if (line.author_count < authors) {
    throw Error(ErrorKind::data,
                fmt::format("\"author_count\" is {}, at least {} expected, the number of authors listed",
                            line.author_count, authors));
  }
  line.byline_truncated = line.told_truncated.value_or(line.author_count > authors);
  if (!line.year && line.date.size() >= 4) line.year = std::stoi(line.date.substr(0, 4));
  return std::move(static_cast<Work&>(line));
}

struct FileHeader {
  std::string source;
};

bool is_source_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") == std::string_view::npos;
}

constexpr std::array k_header_fields{
    Field<FileHeader>{"coterie", k_told,
                      [](const Value& v, FileHeader&) {
                        if (json::text(v) != "works") throw json::unexpected(v, "\"works\"");
                      }},
    Field<FileHeader>{"version", k_told,
                      [](const Value& v, FileHeader&) {
                        std::int64_t version = 0;
                        if (v.get(version) != simdjson::SUCCESS || version != k_version) {
                          throw json::unexpected(v, fmt::format("{}", k_version));
                        }
                      }},
    Field<FileHeader>{"source", k_told,
                      [](const Value& v, FileHeader& h) {
                        h.source = json::text(v);
                        if (!is_source_name(h.source)) {
                          throw json::unexpected(v, "a name of lower-case letters, digits, '_', '-' and '.'");
                        }
                      }},
    Field<FileHeader>{"origin", k_optional, [](const Value& v, FileHeader&) { (void)json::text(v); }},
    Field<FileHeader>{"retrieved", k_optional, [](const Value& v, FileHeader&) { (void)date(v); }},
};

bool is_header(const Value& line) { return line["coterie"].error() == simdjson::SUCCESS; }

/// Coterie's own format, described in docs/works-format.md.
class CoterieJsonl final : public LineFormat {
 public:
  std::variant<Work, Rejected, LineFormat::Header> read(const Value& line) override {
    if (is_header(line)) {
      read_header(line);
      return LineFormat::Header{};
    }
    if (m_source.empty()) {
      throw Error(ErrorKind::data,
                  fmt::format("the header is missing: {} expected before the first work", k_header_example));
    }
    Line work;
    try {
      work.source = m_source;
      json::read_object<Line>(line, k_work_fields, work);
      return finished(std::move(work));
    } catch (const Error& error) {
      return Rejected{work.id, 0, error.what()};
    }
  }

 private:
  void read_header(const Value& line) {
    FileHeader header;
    try {
      json::read_object<FileHeader>(line, k_header_fields, header);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("header: {}; {} would be right", error.what(), k_header_example));
    }
    m_source = header.source;
  }

  std::string m_source;
};

/// Works without a header are recognised too, so that the message can say what is missing.
bool recognises(const Value& line) {
  return is_header(line) ||
         (line["id"].error() == simdjson::SUCCESS && line["authors"].error() == simdjson::SUCCESS);
}

}  // namespace

LineFormatEntry coterie_jsonl() {
  return {{"coterie-jsonl", "coterie's own JSON Lines"}, recognises, [] {
            return std::unique_ptr<LineFormat>(std::make_unique<CoterieJsonl>());
          }};
}

}  // namespace coterie
