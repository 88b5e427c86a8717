#include "src/report/writers/writers.hpp"

namespace coterie {

void write_edge_list(const NetworkDocument& network, const Sink& sink) {
  Table table{"edges", "one line per link", {"source", "target"}, {}};
  const auto add_texts = [&table](std::string id, std::string label) -> Column::Texts& {
    return std::get<Column::Texts>(table.add_text(std::move(id), std::move(label)).values);
  };
  Column::Texts& source = add_texts("source", "id of one end");
  Column::Texts& source_label = add_texts("source_label", "its label");
  Column::Texts& target = add_texts("target", "id of the other end");
  Column::Texts& target_label = add_texts("target_label", "its label");
  auto& weight = std::get<Column::Reals>(table.add_real("weight", "weight of the link").values);
  for (const NetworkDocument::Link& link : network.links) {
    source.push_back(network.ids.at(link.from));
    source_label.push_back(network.labels.at(link.from));
    target.push_back(network.ids.at(link.to));
    target_label.push_back(network.labels.at(link.to));
    weight.push_back(link.weight);
  }
  write_csv(table, CsvStyle::guarded, sink);
}

}  // namespace coterie
