// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/TlsSession.h"

#include "net/OpenSsl.h"

#include <algorithm>
#include <cstring>

namespace godwit::net
{

namespace
{

long control(BIO *, int command, long, void *)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// RFC 5929 §4.1: the hash of the certificate's signature algorithm, SHA-256 instead of MD5 and SHA-1, undefined for
/// signatures without a hash of their own (Ed25519).
std::string serverEndPoint(const SSL *native)
{
    X509 *certificate = SSL_get_certificate(native);
    int digest = NID_undef;
    if (!certificate || X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1 ||
        digest == NID_undef) {
        return {};
    }
    const EVP_MD *type = digest == NID_md5 || digest == NID_sha1 ? EVP_sha256() : EVP_get_digestbynid(digest);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!type || X509_digest(certificate, type, hash, &size) != 1) {
        return {};
    }
    return std::string(reinterpret_cast<const char *>(hash), size);
}

/// RFC 9266 §2: label, zero-length context, 32 bytes; with TLS 1.2 only under the extended master secret (§4.2).
std::string exporter(SSL *native)
{
    if (SSL_version(native) < TLS1_3_VERSION && SSL_get_extms_support(native) != 1) {
        return {};
    }
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    unsigned char bytes[32];
    constexpr unsigned char noContext = 0;
    if (SSL_export_keying_material(native, bytes, sizeof bytes, label.data(), label.size(), &noContext, 0, 1) != 1) {
        return {};
    }
    return std::string(reinterpret_cast<const char *>(bytes), sizeof bytes);
}

/// RFC 5929 §3.1: the first Finished message of the last handshake; the server's when the session was resumed. Not
/// without the extended master secret, where two connections can have the same value (RFC 7627).
std::string unique(SSL *native)
{
    if (SSL_version(native) != TLS1_2_VERSION || SSL_get_extms_support(native) != 1) {
        return {};
    }
    unsigned char bytes[EVP_MAX_MD_SIZE];
    const std::size_t size = SSL_session_reused(native) == 1 ? SSL_get_finished(native, bytes, sizeof bytes)
                                                             : SSL_get_peer_finished(native, bytes, sizeof bytes);
    return std::string(reinterpret_cast<const char *>(bytes), std::min(size, sizeof bytes));
}

} // namespace

int TlsSession::readInput(BIO *bio, char *to, std::size_t room, std::size_t *count)
{
    auto *session = static_cast<TlsSession *>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    *count = std::min(room, session->m_input.size());
    if (*count == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    std::memcpy(to, session->m_input.data(), *count);
    session->m_input.remove_prefix(*count);
    return 1;
}

int TlsSession::writeOutput(BIO *bio, const char *from, std::size_t size, std::size_t *count)
{
    auto *session = static_cast<TlsSession *>(BIO_get_data(bio));
    GW_ASSERT(session->m_wire != nullptr);
    session->m_wire->append(from, size);
    *count = size;
    return 1;
}

const BIO_METHOD *TlsSession::method()
{
    static const BIO_METHOD *const made = [] {
        BIO_METHOD *fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "godwit");
        BIO_meth_set_read_ex(fresh, &TlsSession::readInput);
        BIO_meth_set_write_ex(fresh, &TlsSession::writeOutput);
        BIO_meth_set_ctrl(fresh, control);
        return fresh;
    }();
    return made;
}

base::Result<std::unique_ptr<TlsSession>> TlsSession::create(const TlsContext &context)
{
    ERR_clear_error();
    std::unique_ptr<TlsSession> session(new TlsSession);
    session->m_native = SSL_new(context.native());
    BIO *bio = session->m_native ? BIO_new(method()) : nullptr;
    if (!bio) {
        return base::Error(base::ErrorCode::ResourceFull, "no TLS session: " + takeOpenSslError());
    }
    BIO_set_data(bio, session.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(session->m_native, bio, bio);
    SSL_set_accept_state(session->m_native);
    return session;
}

TlsSession::~TlsSession()
{
    SSL_free(m_native);
}

TlsSession::Status TlsSession::result(int status)
{
    m_wire = nullptr;
    switch (SSL_get_error(m_native, status)) {
    case SSL_ERROR_NONE:
        return Status::Done;
    case SSL_ERROR_WANT_READ:
        return Status::Wants;
    case SSL_ERROR_ZERO_RETURN:
        return Status::Ended;
    default:
        m_failure = takeOpenSslError();
        return Status::Failed;
    }
}

TlsSession::Status TlsSession::handshake(std::string &wire)
{
    ERR_clear_error();
    m_wire = &wire;
    return result(SSL_do_handshake(m_native));
}

TlsSession::Status TlsSession::read(std::span<char> room, std::size_t &count, std::string &wire)
{
    ERR_clear_error();
    m_wire = &wire;
    count = 0;
    return result(SSL_read_ex(m_native, room.data(), room.size(), &count));
}

TlsSession::Status TlsSession::write(std::string_view plain, std::string &wire)
{
    while (!plain.empty()) {
        ERR_clear_error();
        m_wire = &wire;
        std::size_t written = 0;
        const Status status = result(SSL_write_ex(m_native, plain.data(), plain.size(), &written));
        if (status != Status::Done) {
            return status;
        }
        plain.remove_prefix(written);
    }
    return Status::Done;
}

void TlsSession::shutdown(std::string &wire)
{
    ERR_clear_error();
    m_wire = &wire;
    SSL_shutdown(m_native);
    m_wire = nullptr;
    ERR_clear_error();
}

TlsInfo TlsSession::info() const
{
    TlsInfo info;
    info.version = SSL_get_version(m_native);
    info.cipher = SSL_get_cipher_name(m_native);
    const unsigned char *alpn = nullptr;
    unsigned alpnSize = 0;
    SSL_get0_alpn_selected(m_native, &alpn, &alpnSize);
    if (alpn) {
        info.alpn.assign(reinterpret_cast<const char *>(alpn), alpnSize);
    }
    if (const char *sni = SSL_get_servername(m_native, TLSEXT_NAMETYPE_host_name)) {
        info.sni = sni;
    }
    info.resumed = SSL_session_reused(m_native) == 1;
    info.exporter = exporter(m_native);
    info.serverEndPoint = serverEndPoint(m_native);
    info.unique = unique(m_native);
    return info;
}

} // namespace godwit::net
