#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace coterie::test {

/// A socket that listens on a free port of 127.0.0.1, and that port.
inline std::pair<int, int> listening_on_loopback() {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening, plain, length) != 0 || listen(listening, 16) != 0 ||
      getsockname(listening, plain, &length) != 0) {
    throw std::runtime_error("no server on 127.0.0.1");
  }
  return {listening, ntohs(address.sin_port)};
}

/// A server on 127.0.0.1 that sends raw bytes, one connection after another, and remembers the requests it
/// got.
class LoopbackServer {
 public:
  /// Writes to the connection; false once the other side has gone.
  using Send = std::function<bool(const std::string&)>;
  using Answer = std::function<void(const std::string& request, const Send& send)>;

  explicit LoopbackServer(Answer answer) : m_answer(std::move(answer)) {
    std::tie(m_socket, m_port) = listening_on_loopback();
    m_thread = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    m_done = true;
    m_thread.join();
    close(m_socket);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", m_port, path);
  }
  [[nodiscard]] int port() const { return m_port; }
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
  }
  /// Whether the server is being taken down, for answers that wait.
  [[nodiscard]] const std::atomic<bool>& done() const { return m_done; }

 private:
  void serve() {
    while (!m_done) {
      pollfd waiting{m_socket, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int connection = accept(m_socket, nullptr, nullptr);
      if (connection < 0) continue;
      talk(connection);
      close(connection);
    }
  }

  void talk(int connection) {
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      pollfd waiting{connection, POLLIN, 0};
      if (m_done || poll(&waiting, 1, 2000) <= 0) return;
      const ssize_t length = recv(connection, bytes, sizeof(bytes), 0);
      if (length <= 0) return;
      request.append(bytes, static_cast<std::size_t>(length));
    }
    {
      const std::lock_guard lock(m_mutex);
      m_requests.push_back(request);
    }
    m_answer(request, [&](const std::string& text) {
      std::size_t sent = 0;
      while (sent < text.size()) {
        const ssize_t length = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (length <= 0) return false;
        sent += static_cast<std::size_t>(length);
      }
      return true;
    });
  }

  Answer m_answer;
  int m_socket = -1;
  int m_port = 0;
  std::atomic<bool> m_done{false};
  mutable std::mutex m_mutex;
  std::vector<std::string> m_requests;
  std::thread m_thread;
};

/// The bytes of an answer whose length is told.
inline std::string http_answer(const std::string& status, const std::string& headers,
                               const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n{}", status, headers,
                     body.size(), body);
}

inline std::string gzip(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib");
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib");
  return packed;
}

}  // namespace coterie::test
