// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/TlsContext.h"

#include "net/OpenSsl.h"

#include <ctime>
#include <fstream>
#include <sstream>

namespace godwit::net
{

namespace
{

base::Error badIdentity(const std::string &words)
{
    return base::Error(base::ErrorCode::InvalidInput, words + ": " + takeOpenSslError());
}

BioPtr memoryOf(const std::string &text)
{
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Never asks on the terminal for the pass phrase of an encrypted key.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

base::Result<base::Ok> useChain(SSL_CTX *native, const std::string &pem)
{
    const BioPtr bio = memoryOf(pem);
    const CertificatePtr leaf(PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr));
    if (!leaf || SSL_CTX_use_certificate(native, leaf.get()) != 1) {
        return badIdentity("the certificate is not usable PEM");
    }
    while (X509 *issuer = PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr)) {
        if (SSL_CTX_add0_chain_cert(native, issuer) != 1) {
            X509_free(issuer);
            return badIdentity("the certificate chain is not usable");
        }
    }
    // The end of the file is reported as an error.
    ERR_clear_error();
    return base::Ok{};
}

base::Result<base::Ok> useKey(SSL_CTX *native, const std::string &pem)
{
    const BioPtr bio = memoryOf(pem);
    const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
    if (!key) {
        return badIdentity("the private key is not usable PEM (encrypted keys are not supported)");
    }
    if (SSL_CTX_use_PrivateKey(native, key.get()) != 1 || SSL_CTX_check_private_key(native) != 1) {
        return badIdentity("the private key does not belong to the certificate");
    }
    return base::Ok{};
}

int chooseAlpn(SSL *, const unsigned char **out, unsigned char *outSize, const unsigned char *in, unsigned inSize,
               void *offered)
{
    const auto *ours = static_cast<const std::string *>(offered);
    unsigned char *chosen = nullptr;
    const int status = SSL_select_next_proto(&chosen, outSize, reinterpret_cast<const unsigned char *>(ours->data()),
                                             static_cast<unsigned>(ours->size()), in, inSize);
    *out = chosen;
    return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void applyPolicy(SSL_CTX *native)
{
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(native,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // TLS 1.2 only with forward secrecy and authenticated encryption (RFC 9325 §4.2).
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // Tickets carry the session, so nothing is kept here for clients that left; one is enough for one reconnect.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(native, 1);
    constexpr unsigned char idContext[] = {'g', 'o', 'd', 'w', 'i', 't'};
    SSL_CTX_set_session_id_context(native, idContext, sizeof idContext);
}

base::Result<std::string> wireForm(const std::vector<std::string> &protocols)
{
    std::string wire;
    for (const std::string &protocol : protocols) {
        if (protocol.empty() || protocol.size() > 255) {
            return base::Error(base::ErrorCode::InvalidInput, "an ALPN name has 1 to 255 bytes");
        }
        wire += static_cast<char>(protocol.size());
        wire += protocol;
    }
    return wire;
}

base::Result<std::string> readFile(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return base::Error(base::ErrorCode::NotFound, "cannot read " + path);
    }
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) {
        return base::Error(base::ErrorCode::Io, "cannot read " + path);
    }
    return text.str();
}

} // namespace

TlsContext::~TlsContext()
{
    SSL_CTX_free(m_native);
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsOptions &options)
{
    ERR_clear_error();
    std::shared_ptr<TlsContext> context(new TlsContext);
    context->m_native = SSL_CTX_new(TLS_server_method());
    if (!context->m_native) {
        return badIdentity("OpenSSL made no context");
    }
    SSL_CTX *native = context->m_native;
    applyPolicy(native);
    auto status = useChain(native, options.identity.certificate);
    if (status) {
        status = useKey(native, options.identity.key);
    }
    if (!status) {
        return std::move(status).error();
    }
    auto alpn = wireForm(options.alpn);
    if (!alpn) {
        return std::move(alpn).error();
    }
    context->m_alpn = *std::move(alpn);
    if (!context->m_alpn.empty()) {
        SSL_CTX_set_alpn_select_cb(native, chooseAlpn, &context->m_alpn);
    }
    std::tm end{};
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(native)), &end);
    context->m_validUntil = timegm(&end);
    return std::shared_ptr<const TlsContext>(std::move(context));
}

base::Result<PemPair> TlsContext::readFiles(const std::string &certificatePath, const std::string &keyPath)
{
    auto certificate = readFile(certificatePath);
    if (!certificate) {
        return std::move(certificate).error();
    }
    auto key = readFile(keyPath);
    if (!key) {
        return std::move(key).error();
    }
    return PemPair{*std::move(certificate), *std::move(key)};
}

} // namespace godwit::net
