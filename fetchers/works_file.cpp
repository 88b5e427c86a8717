#include "coterie/works_file.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "coterie/error.hpp"
#include "fetchers/files/bounded_queue.hpp"
#include "fetchers/files/byte_stream.hpp"
#include "fetchers/files/line_format.hpp"
#include "fetchers/files/line_reader.hpp"

namespace coterie {

namespace {

constexpr std::size_t k_longest_line = std::size_t{64} << 20;
constexpr std::size_t k_named_rejects = 100;
/// The first lines may be damaged; the format is looked for in this many.
constexpr std::size_t k_lines_to_recognise = 20;
constexpr std::size_t k_batch_works = 500;
constexpr std::uint64_t k_batch_bytes = std::uint64_t{8} << 20;
constexpr std::size_t k_waiting_batches = 4;

using Batch = std::vector<Work>;

/// Reads a file from its start to its end and gives the works on in batches.
class FileReader {
 public:
  FileReader(const std::filesystem::path& path, BoundedQueue<Batch>& queue)
      : m_stream(path), m_lines(m_stream, k_longest_line, simdjson::SIMDJSON_PADDING), m_queue(queue) {}

  /// Works read before an error are given on before it is thrown.
  WorksFileResult run() {
    std::exception_ptr failure;
    try {
      read_lines();
    } catch (...) {
      failure = std::current_exception();
    }
    if (!m_batch.empty()) (void)m_queue.push(std::move(m_batch));
    if (failure) std::rethrow_exception(failure);
    m_result.bytes = m_lines.bytes();
    m_result.sha256 = m_stream.sha256();
    return std::move(m_result);
  }

 private:
  void read_lines() {
    LineReader::Line line;
    while (m_lines.next(line)) {
      if (line.text.find_first_not_of(" \t") == std::string_view::npos && !line.too_long) continue;
      if (!read_line(line)) return;
    }
    if (!m_format) fail_unrecognised();
  }

  /// \return false if nobody takes works any more
  bool read_line(const LineReader::Line& line) {
    if (line.too_long) {
      reject({"", line.number, fmt::format("the line is longer than {} MiB", k_longest_line >> 20)});
      return true;
    }
    simdjson::dom::element element;
    const auto code = m_parser.parse(line.text.data(), line.text.size(), false).get(element);
    if (code == simdjson::MEMALLOC) throw std::bad_alloc();
    if (code != simdjson::SUCCESS) {
      reject({"", line.number, fmt::format("the line is no JSON: {}", simdjson::error_message(code))});
    } else if (recognised(element)) {
      return take_record(line, element);
    } else {
      reject({"", line.number, "the line is of no known format"});
    }
    if (!m_format && m_result.rejected_count >= k_lines_to_recognise) fail_unrecognised();
    return true;
  }

  bool recognised(const simdjson::dom::element& element) {
    if (m_format) return true;
    for (const LineFormatEntry& entry : line_formats()) {
      if (!entry.recognises(element)) continue;
      m_format = entry.make();
      m_result.format = entry.format.name;
      return true;
    }
    return false;
  }

  bool take_record(const LineReader::Line& line, const simdjson::dom::element& element) {
    auto record = read_record(line, element);
    if (auto* rejected = std::get_if<Rejected>(&record)) {
      rejected->line = line.number;
      reject(std::move(*rejected));
    } else if (auto* work = std::get_if<Work>(&record)) {
      ++m_result.works;
      m_batch.push_back(std::move(*work));
      if (m_batch.size() == k_batch_works || m_lines.bytes() - m_batch_begin >= k_batch_bytes) {
        m_batch_begin = m_lines.bytes();
        return m_queue.push(std::exchange(m_batch, {}));
      }
    }
    return true;
  }

  std::variant<Work, Rejected, LineFormat::Header> read_record(const LineReader::Line& line,
                                                               const simdjson::dom::element& element) {
    try {
      return m_format->read(element);
    } catch (const Error& error) {
      throw error.within(fmt::format("line {}", line.number));
    }
  }

  void reject(Rejected rejected) {
    ++m_result.rejected_count;
    if (m_result.rejected.size() < k_named_rejects) m_result.rejected.push_back(std::move(rejected));
  }

  [[noreturn]] void fail_unrecognised() const {
    std::string known;
    for (const WorksFormat& format : works_formats()) {
      known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", format.name, format.title);
    }
    const std::string found =
        m_result.rejected.empty()
            ? "it is empty"
            : fmt::format("line {}: {}", m_result.rejected.front().line, m_result.rejected.front().reason);
    throw Error(ErrorKind::data, fmt::format("the format is unknown ({}); known formats: {}", found, known));
  }

  ByteStream m_stream;
  LineReader m_lines;
  BoundedQueue<Batch>& m_queue;
  simdjson::dom::parser m_parser;
  std::unique_ptr<LineFormat> m_format;
  Batch m_batch;
  std::uint64_t m_batch_begin = 0;
  WorksFileResult m_result;
};

}  // namespace

WorksFileResult read_works_file(const std::filesystem::path& path,
                                const std::function<void(std::span<const Work>)>& take) {
  BoundedQueue<Batch> queue(k_waiting_batches);
  FileReader reader(path, queue);
  WorksFileResult result;
  std::exception_ptr failure;
  // Closes the queue when the taking side ends in any way, so that the thread never waits for it.
  struct Closing {
    BoundedQueue<Batch>& queue;
    ~Closing() { queue.close(); }
  };
  {
    std::jthread thread([&] {
      try {
        result = reader.run();
      } catch (...) {
        failure = std::current_exception();
      }
      queue.end();
    });
    const Closing closing{queue};
    while (const std::optional<Batch> batch = queue.pop()) take(*batch);
  }
  if (failure) std::rethrow_exception(failure);
  return result;
}

}  // namespace coterie
