// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"

#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace godwit::net
{

/// A certificate chain and its private key as PEM text.
struct PemPair {
    std::string certificate;
    std::string key;
};

/// What a TLS server offers.
struct TlsOptions {
    PemPair identity;
    /// Application protocols in order of preference ("xmpp-client", "http/1.1"). A client that offers none is let in,
    /// one that offers only others is refused (RFC 7301 §3.2). Empty: ALPN is not answered.
    std::vector<std::string> alpn;
};

/// Settings of the TLS server side (TLS 1.2 and 1.3, forward secrecy only, no compression, no renegotiation, session
/// tickets). Immutable and usable from all threads: a new certificate is a new context, and connections that were made
/// with an older one keep it.
class TlsContext
{
public:
    /// Shared, because the listeners and shards of all threads use one context and a reload replaces it while
    /// handshakes run. Fails with InvalidInput when the PEM is not usable or key and certificate do not belong
    /// together.
    static base::Result<std::shared_ptr<const TlsContext>> create(const TlsOptions &options);
    /// Reads both files. Fails like create(), and with Io or NotFound.
    static base::Result<PemPair> readFiles(const std::string &certificatePath, const std::string &keyPath);
    ~TlsContext();

    TlsContext(const TlsContext &) = delete;
    TlsContext &operator=(const TlsContext &) = delete;

    ssl_ctx_st *native() const noexcept { return m_native; }
    /// When the certificate stops being valid, in seconds since 1970.
    long long validUntil() const noexcept { return m_validUntil; }

private:
    TlsContext() = default;
    ssl_ctx_st *m_native = nullptr;
    std::string m_alpn; ///< in wire form; OpenSSL's callback reads it
    long long m_validUntil = 0;
};

/// A fresh P-256 key and a certificate for `hostname` signed with it, valid for ten years, with subjectAltName (for
/// "localhost" also 127.0.0.1 and ::1). The server makes such a pair for localhost only (DESIGN section 8).
base::Result<PemPair> makeSelfSigned(const std::string &hostname);

} // namespace godwit::net
