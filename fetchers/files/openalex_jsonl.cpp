#include "coterie/ids.hpp"
#include "fetchers/files/line_format.hpp"
#include "fetchers/openalex_record.hpp"

namespace coterie {

namespace {

/// OpenAlex works, one object per line, as its snapshot and most exports have them.
class OpenalexJsonl final : public LineFormat {
 public:
  std::variant<Work, Rejected, Header> read(const simdjson::dom::element& line) override {
    auto record = openalex_work(line);
    if (auto* work = std::get_if<Work>(&record)) return std::move(*work);
    return std::get<Rejected>(std::move(record));
  }
};

bool recognises(const simdjson::dom::element& line) {
  std::string_view id;
  return line["id"].get(id) == simdjson::SUCCESS && openalex_id(id, 'W').has_value();
}

}  // namespace

LineFormatEntry openalex_jsonl() {
  return {{"openalex-jsonl", "OpenAlex works, one JSON object per line"}, recognises, [] {
            return std::unique_ptr<LineFormat>(std::make_unique<OpenalexJsonl>());
          }};
}

}  // namespace coterie
