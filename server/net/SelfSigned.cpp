// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/OpenSsl.h"
#include "net/TlsContext.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace godwit::net
{

namespace
{

constexpr long validSeconds = 10L * 365 * 24 * 3600;
/// Clocks of clients that are behind should accept it too.
constexpr long backdatedSeconds = 24L * 3600;

bool addExtension(X509 *certificate, int nid, const std::string &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool fill(X509 *certificate, EVP_PKEY *key, const std::string &hostname)
{
    X509_set_version(certificate, X509_VERSION_3);
    unsigned char serial[8];
    if (RAND_bytes(serial, sizeof serial) != 1) {
        return false;
    }
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -backdatedSeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), validSeconds);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    // commonName holds 64 characters; the name that clients check is the subjectAltName.
    const std::string commonName = hostname.substr(0, 64);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(commonName.data()),
                               static_cast<int>(commonName.size()), -1, 0);
    X509_set_issuer_name(certificate, subject);
    std::string names = "DNS:" + hostname;
    if (hostname == "localhost") {
        names += ",IP:127.0.0.1,IP:::1";
    }
    return addExtension(certificate, NID_subject_alt_name, names) &&
           addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           addExtension(certificate, NID_ext_key_usage, "serverAuth") && X509_sign(certificate, key, EVP_sha256()) > 0;
}

std::string takeText(const BioPtr &bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

bool isHostname(const std::string &hostname)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    return !hostname.empty() && hostname.size() <= 253 && hostname.find_first_not_of(allowed) == std::string::npos;
}

} // namespace

base::Result<PemPair> makeSelfSigned(const std::string &hostname)
{
    if (!isHostname(hostname)) {
        return base::Error(base::ErrorCode::InvalidInput, "'" + hostname + "' is not a host name");
    }
    ERR_clear_error();
    char curve[] = "P-256"; // read as a char *
    const KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
    const CertificatePtr certificate(X509_new());
    const BioPtr certificateText(BIO_new(BIO_s_mem()));
    const BioPtr keyText(BIO_new(BIO_s_mem()));
    if (!key || !certificate || !certificateText || !keyText || !fill(certificate.get(), key.get(), hostname) ||
        PEM_write_bio_X509(certificateText.get(), certificate.get()) != 1 ||
        PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return base::Error(base::ErrorCode::Io, "no self-signed certificate could be made: " + takeOpenSslError());
    }
    return PemPair{takeText(certificateText), takeText(keyText)};
}

} // namespace godwit::net
