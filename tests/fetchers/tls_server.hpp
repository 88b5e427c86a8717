#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/fetchers/loopback_server.hpp"

namespace coterie::test {

template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

template <typename T>
T* made(T* object) {
  if (object == nullptr) throw std::runtime_error("OpenSSL");
  return object;
}

/// A key with its certificate.
struct Identified {
  Key key{made(EVP_EC_gen("P-256"))};
  Certificate certificate{made(X509_new())};
};

/// What a certificate of the tests says.
struct CertificateText {
  std::string host;    ///< empty: the certificate of an authority
  long from_day = -1;  ///< days from now
  long until_day = 1;
};

/// Makes a certificate, signed by `authority`, or by itself if there is none.
inline Identified identified(const CertificateText& text, const Identified* authority = nullptr) {
  static std::atomic<long> serial{1};
  constexpr long k_day = 86'400;
  Identified made_now;
  X509* certificate = made_now.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), text.from_day * k_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), text.until_day * k_day);
  X509_set_pubkey(certificate, made_now.key.get());
  const std::string name = text.host.empty() ? fmt::format("Authority {}", serial.load()) : text.host;
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  const Identified& issuer = authority != nullptr ? *authority : made_now;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
  const auto extend = [&](int kind, const std::string& value) {
    X509_EXTENSION* extension = made(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, text.host.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!text.host.empty()) extend(NID_subject_alt_name, "DNS:" + text.host);
  if (X509_sign(certificate, issuer.key.get(), EVP_sha256()) == 0) throw std::runtime_error("OpenSSL");
  return made_now;
}

inline void write_certificate(const std::filesystem::path& path, const Identified& identity) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) throw std::runtime_error("cannot write " + path.string());
  PEM_write_X509(file, identity.certificate.get());
  std::fclose(file);
}

/// A TLS server on 127.0.0.1 that gives every request one answer, and remembers the requests it got.
class TlsServer {
 public:
  TlsServer(const Identified& identity, std::string answer, int version = 0) : m_answer(std::move(answer)) {
    std::signal(SIGPIPE, SIG_IGN);  // a client that refuses the certificate goes away while we write
    m_context.reset(made(SSL_CTX_new(TLS_server_method())));
    SSL_CTX_use_certificate(m_context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(m_context.get(), identity.key.get());
    if (version != 0) {
      SSL_CTX_set_min_proto_version(m_context.get(), version);
      SSL_CTX_set_max_proto_version(m_context.get(), version);
      SSL_CTX_set_cipher_list(m_context.get(), "ALL:@SECLEVEL=0");  // old versions need old signatures
    }
    std::tie(m_socket, m_port) = listening_on_loopback();
    m_thread = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    m_done = true;
    m_thread.join();
    close(m_socket);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] int port() const { return m_port; }
  [[nodiscard]] int connections() const { return m_connections; }
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
  }

 private:
  void serve() {
    while (!m_done) {
      pollfd waiting{m_socket, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int connection = accept(m_socket, nullptr, nullptr);
      if (connection < 0) continue;
      ++m_connections;
      const timeval longest{2, 0};
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
      talk(connection);
      close(connection);
    }
  }

  void talk(int connection) {
    const std::unique_ptr<SSL, Freed<SSL_free>> tls(made(SSL_new(m_context.get())));
    SSL_set_fd(tls.get(), connection);
    if (SSL_accept(tls.get()) != 1) return;
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const int length = SSL_read(tls.get(), bytes, sizeof(bytes));
      if (length <= 0) return;
      request.append(bytes, static_cast<std::size_t>(length));
    }
    {
      const std::lock_guard lock(m_mutex);
      m_requests.push_back(request);
    }
    SSL_write(tls.get(), m_answer.data(), static_cast<int>(m_answer.size()));
    SSL_shutdown(tls.get());
  }

  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> m_context;
  std::string m_answer;
  int m_socket = -1;
  int m_port = 0;
  std::atomic<bool> m_done{false};
  std::atomic<int> m_connections{0};
  mutable std::mutex m_mutex;
  std::vector<std::string> m_requests;
  std::thread m_thread;
};

}  // namespace coterie::test
