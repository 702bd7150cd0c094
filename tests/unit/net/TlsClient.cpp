// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "TlsClient.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <csignal>

namespace godwit::net::test
{

TlsClient::TlsClient(Client &client, const TlsClientOptions &options)
    : m_context(SSL_CTX_new(TLS_client_method()))
    , m_native()
{
    std::signal(SIGPIPE, SIG_IGN);
    if (options.version != 0) {
        SSL_CTX_set_min_proto_version(m_context.get(), options.version);
        SSL_CTX_set_max_proto_version(m_context.get(), options.version);
    }
    if (options.version != 0 && options.version < TLS1_2_VERSION) {
        // What OpenSSL asks for before it still speaks the old versions.
        SSL_CTX_set_security_level(m_context.get(), 0);
    }
    if (!options.ciphers.empty()) {
        SSL_CTX_set_cipher_list(m_context.get(), options.ciphers.c_str());
    }
    m_native.reset(SSL_new(m_context.get()));
    SSL_set_fd(m_native.get(), client.descriptor());
    SSL_set_tlsext_host_name(m_native.get(), options.sni.c_str());
    if (!options.alpn.empty()) {
        SSL_set_alpn_protos(m_native.get(), reinterpret_cast<const unsigned char *>(options.alpn.data()),
                            static_cast<unsigned>(options.alpn.size()));
    }
    if (options.session) {
        SSL_set_session(m_native.get(), options.session);
    }
    SSL_set_connect_state(m_native.get());
}

bool TlsClient::handshake()
{
    ERR_clear_error();
    const int status = SSL_do_handshake(m_native.get());
    const int error = SSL_get_error(m_native.get(), status);
    m_failed = m_failed || (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE);
    return status == 1;
}

std::size_t TlsClient::send(std::string_view bytes)
{
    ERR_clear_error();
    std::size_t count = 0;
    return SSL_write_ex(m_native.get(), bytes.data(), bytes.size(), &count) == 1 ? count : 0;
}

const std::string &TlsClient::received()
{
    char room[16384];
    for (;;) {
        ERR_clear_error();
        std::size_t count = 0;
        const int status = SSL_read_ex(m_native.get(), room, sizeof room, &count);
        if (status == 1) {
            m_received.append(room, count);
            continue;
        }
        const int error = SSL_get_error(m_native.get(), status);
        m_ended = m_ended || error == SSL_ERROR_ZERO_RETURN;
        m_failed = m_failed || error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL;
        return m_received;
    }
}

std::unique_ptr<SSL_SESSION, SslFree> TlsClient::session() const
{
    return std::unique_ptr<SSL_SESSION, SslFree>(SSL_SESSION_dup(SSL_get0_session(m_native.get())));
}

std::string TlsClient::alpn() const
{
    const unsigned char *name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(m_native.get(), &name, &size);
    return size > 0 ? std::string(reinterpret_cast<const char *>(name), size) : std::string();
}

std::string TlsClient::exporter() const
{
    unsigned char bytes[32];
    const unsigned char none = 0;
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    SSL_export_keying_material(m_native.get(), bytes, sizeof bytes, label.data(), label.size(), &none, 0, 1);
    return std::string(reinterpret_cast<const char *>(bytes), sizeof bytes);
}

std::string TlsClient::serverEndPointSha256() const
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(SSL_get0_peer_certificate(m_native.get()), EVP_sha256(), hash, &size);
    return std::string(reinterpret_cast<const char *>(hash), size);
}

std::string TlsClient::unique() const
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    const std::size_t size = resumed() ? SSL_get_peer_finished(m_native.get(), bytes, sizeof bytes)
                                       : SSL_get_finished(m_native.get(), bytes, sizeof bytes);
    return std::string(reinterpret_cast<const char *>(bytes), size);
}

void TlsClient::renegotiate()
{
    SSL_renegotiate(m_native.get());
    SSL_do_handshake(m_native.get());
}

void TlsClient::updateKeys()
{
    SSL_key_update(m_native.get(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(m_native.get());
}

} // namespace godwit::net::test
