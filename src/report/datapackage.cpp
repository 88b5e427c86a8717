#include "src/report/datapackage.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

using Json = nlohmann::ordered_json;

/// Texts of sources may be broken UTF-8, which must not keep a report from being written.
std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string_view type_of(const Column& column) {
  struct {
    std::string_view operator()(const Column::Texts&) const { return "string"; }
    std::string_view operator()(const Column::Integers&) const { return "integer"; }
    std::string_view operator()(const Column::Reals&) const { return "number"; }
  } name;
  return std::visit(name, column.values);
}

Json schema_of(const Table& table) {
  Json fields = Json::array();
  for (const Column& column : table.columns) {
    Json field{{"name", column.id}, {"type", type_of(column)}, {"title", column.label}};
    if (!column.unit.empty()) field["unit"] = column.unit;
    field["description"] = column.unit.empty() ? column.label : column.label + " (unit: " + column.unit + ")";
    fields.push_back(std::move(field));
  }
  Json schema{{"fields", std::move(fields)}};
  if (!table.key.empty()) schema["primaryKey"] = table.key;
  schema["missingValues"] = Json::array({""});
  return schema;
}

/// Resource names are lower case and hold no slash.
std::string resource_name(const std::string& path) {
  const std::size_t extension = path.rfind('.');
  std::string name = text::lower(path.substr(0, extension));
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

Json resource(const PackagedFile& packaged) {
  const bool tabular = packaged.table != nullptr;
  // A matrix and the table of the same name beside it must not share a name.
  Json result{{"name", resource_name(packaged.file.path) + (tabular ? "" : "-mtx")},
              {"path", packaged.file.path},
              {"title", tabular ? packaged.table->title : packaged.title}};
  if (tabular) result["profile"] = "tabular-data-resource";
  result["format"] = tabular ? "csv" : "mtx";
  result["mediatype"] = tabular ? "text/csv" : "text/plain";
  result["encoding"] = "utf-8";
  result["bytes"] = packaged.file.bytes;
  result["hash"] = "sha256:" + packaged.file.sha256;
  if (tabular) {
    result["dialect"] = {{"delimiter", ","},    {"lineTerminator", "\n"},    {"quoteChar", "\""},
                         {"doubleQuote", true}, {"skipInitialSpace", false}, {"header", true}};
    result["schema"] = schema_of(*packaged.table);
  }
  return result;
}

}  // namespace

std::string datapackage_json(const std::vector<PackagedFile>& files, CsvStyle style) {
  Json package{{"profile", "data-package"}, {"name", "coterie-report"}, {"title", "Co-authorship report"}};
  package["description"] =
      style == CsvStyle::guarded
          ? "Text cells that a spreadsheet would run as a formula begin with an apostrophe that is not part "
            "of "
            "the text; numbers never do."
          : "Text cells are written as they are; a spreadsheet may run some of them as formulas.";
  Json resources = Json::array();
  for (const PackagedFile& file : files) resources.push_back(resource(file));
  package["resources"] = std::move(resources);
  return dumped(package);
}

std::string run_json(const RunManifest& manifest, const std::vector<ReportFile>& files) {
  Json run{{"version", manifest.version}, {"made_at", manifest.made_at}, {"title", manifest.title}};
  Json configuration = Json::object();
  for (const auto& [key, value] : manifest.configuration) {
    Json parsed = Json::parse(value, nullptr, false);
    configuration[key] = parsed.is_discarded() ? Json(value) : std::move(parsed);
  }
  run["configuration"] = std::move(configuration);
  run["dataset_fingerprint"] = manifest.dataset_fingerprint;
  run["seed"] = manifest.seed;
  run["gaps"] = manifest.gaps;
  Json counts = Json::object();
  for (const auto& [what, count] : manifest.counts) counts[what] = count;
  run["counts"] = std::move(counts);
  if (manifest.changes) {
    Json changes{{"against", manifest.changes->against}};
    for (const auto& [kind, count] : manifest.changes->counts) changes[kind] = count;
    changes["not_compared"] = manifest.changes->not_compared;
    changes["summary"] = manifest.changes->summary;
    run["changes"] = std::move(changes);
  }
  Json list = Json::array();
  for (const ReportFile& file : files) {
    list.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  run["files"] = std::move(list);
  return dumped(run);
}

}  // namespace coterie
