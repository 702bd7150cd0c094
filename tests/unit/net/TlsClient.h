// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "Loopback.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace godwit::net::test
{

struct SslFree {
    void operator()(SSL *native) const { SSL_free(native); }
    void operator()(SSL_CTX *native) const { SSL_CTX_free(native); }
    void operator()(SSL_SESSION *native) const { SSL_SESSION_free(native); }
};

/// What a TLS client asks for.
struct TlsClientOptions {
    int version = 0; ///< only this one, e.g. TLS1_2_VERSION; 0: the best
    std::string sni = "localhost";
    std::string alpn = {};          ///< in wire form
    SSL_SESSION *session = nullptr; ///< to resume
    std::string ciphers = {};       ///< for TLS 1.2
};

/// OpenSSL as its own client, on the socket of a Client; every call does what can be done without waiting.
class TlsClient
{
public:
    TlsClient(Client &client, const TlsClientOptions &options);

    /// True when the handshake is done.
    bool handshake();
    bool failed() const { return m_failed; }
    std::size_t send(std::string_view bytes);
    const std::string &received();
    bool ended() const { return m_ended; }

    /// The session for a resumption; call after the server's ticket was received.
    std::unique_ptr<SSL_SESSION, SslFree> session() const;
    bool resumed() const { return SSL_session_reused(m_native.get()) == 1; }
    std::string alpn() const;
    std::string exporter() const;
    std::string serverEndPointSha256() const;
    std::string unique() const;
    /// Asks for a renegotiation, or for new keys in TLS 1.3.
    void renegotiate();
    void updateKeys();

private:
    std::unique_ptr<SSL_CTX, SslFree> m_context;
    std::unique_ptr<SSL, SslFree> m_native;
    std::string m_received;
    bool m_failed = false;
    bool m_ended = false;
};

} // namespace godwit::net::test
