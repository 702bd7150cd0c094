// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Checks.h"
#include "net/TlsContext.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <sys/stat.h>

namespace godwit::admin
{

namespace
{

/// Certificates of Let's Encrypt are renewed a month before their end; two weeks before it something is wrong.
constexpr std::chrono::days expiryWarn(14);

bool isLocal(const std::string &domain)
{
    return domain == "localhost" || domain.ends_with(".localhost");
}

/// Whether clients that look for `domain` take it (RFC 6125; the common name counts for nothing).
bool namesDomain(const std::string &pem, const std::string &domain)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    return certificate && X509_check_host(certificate.get(), domain.data(), domain.size(),
                                          X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

Finding expiry(const net::TlsContext &context, std::chrono::system_clock::time_point now)
{
    const std::chrono::sys_seconds until{std::chrono::seconds(context.validUntil())};
    const std::string date = base::formatDateTime(base::WallTime(until)).substr(0, 10);
    const auto left = std::chrono::floor<std::chrono::days>(until - now);
    if (until <= now) {
        return {Verdict::Fail, "certificate", "expired on " + date + ": renew it, then reload the server"};
    }
    const std::string words = "valid until " + date + ", " + std::to_string(left.count()) + " days";
    if (left < expiryWarn) {
        return {Verdict::Warn, "certificate", words + ": renew it, then reload the server"};
    }
    return {Verdict::Ok, "certificate", words};
}

Findings missing(const config::Config &config)
{
    if (isLocal(config.domain)) {
        return {
            {Verdict::Ok, "certificate", "none is set; one is made at each start, as the domain is " + config.domain}};
    }
    if (config.tls.require || !config.listen.c2sTls.empty()) {
        return {{Verdict::Fail, "certificate",
                 "there is none for " + config.domain +
                     ": set tls.certificate and tls.key, or tls.require = false and "
                     "listen.c2s_tls = [] for a server that is reached over loopback only"}};
    }
    return {{Verdict::Warn, "certificate",
             "there is none, and tls.require is false: passwords and messages cross the "
             "network in clear"}};
}

} // namespace

Findings checkCertificate(const config::Config &config, std::chrono::system_clock::time_point now)
{
    const config::Config::Tls &tls = config.tls;
    if (tls.certificate.empty() && tls.key.empty()) {
        return missing(config);
    }
    if (tls.certificate.empty() || tls.key.empty()) {
        return {{Verdict::Fail, "certificate", "tls.certificate and tls.key are set together or not at all"}};
    }
    auto pair = net::TlsContext::readFiles(tls.certificate, tls.key);
    if (!pair) {
        return {{Verdict::Fail, "certificate", pair.error().text() + ": the server's user must be able to read it"}};
    }
    const std::string pem = pair->certificate;
    net::TlsOptions options;
    options.identity = std::move(*pair);
    const auto context = net::TlsContext::create(options);
    if (!context) {
        return {{Verdict::Fail, "certificate", tls.certificate + ", " + tls.key + ": " + context.error().text()}};
    }
    Findings findings{{Verdict::Ok, "certificate", tls.certificate + " and its key belong together"}};
    if (namesDomain(pem, config.domain)) {
        findings.push_back({Verdict::Ok, "certificate", "is for " + config.domain});
    } else {
        findings.push_back({Verdict::Fail, "certificate",
                            "is not for " + config.domain +
                                " (no such subjectAltName): clients will refuse it; get one "
                                "that names the domain"});
    }
    findings.push_back(expiry(**context, now));
    struct stat key{};
    if (::stat(tls.key.c_str(), &key) == 0 && (key.st_mode & 007) != 0) {
        findings.push_back({Verdict::Warn, "certificate", tls.key + " can be read by all users: chmod o= " + tls.key});
    }
    return findings;
}

} // namespace godwit::admin
