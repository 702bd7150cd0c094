// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/Checks.h"
#include "net/Listener.h"
#include "net/TlsContext.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace godwit;
using namespace godwit::admin;

namespace
{

QByteArray textOf(const Findings &findings)
{
    QByteArray text;
    for (const Finding &finding : findings) {
        text += finding.verdict == Verdict::Ok     ? "ok "
                : finding.verdict == Verdict::Warn ? "warn "
                : finding.verdict == Verdict::Fail ? "fail "
                                                   : "note ";
        text += QByteArray::fromStdString(finding.words) + "\n";
    }
    return text;
}

bool has(const Findings &findings, const char *verdictAndWords)
{
    for (const QByteArray &line : textOf(findings).split('\n')) {
        const QByteArray wanted(verdictAndWords);
        const qsizetype space = wanted.indexOf(' ');
        if (line.startsWith(wanted.left(space + 1)) && line.contains(wanted.mid(space + 1))) {
            return true;
        }
    }
    return false;
}

} // namespace

class TstChecks : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    config::Config m_config;

    std::string write(const char *name, const std::string &text, mode_t mode = 0600)
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(text.data(), qsizetype(text.size())) < 0) {
            return {};
        }
        file.close();
        ::chmod(path.toLocal8Bit().constData(), mode);
        return path.toStdString();
    }

private Q_SLOTS:
    void init()
    {
        m_config = config::Config();
        m_config.domain = "example.org";
        m_config.dataDir = m_folder.path().toStdString();
        ::chmod(m_config.dataDir.c_str(), 0700);
    }

    void certificate()
    {
        const auto now = std::chrono::system_clock::now();
        const auto ours = net::makeSelfSigned("example.org");
        const auto other = net::makeSelfSigned("example.net");
        QVERIFY(ours.ok() && other.ok());
        m_config.tls.certificate = write("cert.pem", ours->certificate);
        m_config.tls.key = write("key.pem", ours->key);
        const Findings good = checkCertificate(m_config, now);
        QVERIFY2(has(good, "ok belong together") && has(good, "ok is for example.org") && has(good, "ok valid until"),
                 textOf(good).constData());
        const auto years = std::chrono::hours(24 * 365);
        QVERIFY(has(checkCertificate(m_config, now + 10 * years - std::chrono::hours(24 * 7)), "warn renew it"));
        QVERIFY(has(checkCertificate(m_config, now + 11 * years), "fail expired on"));
        m_config.tls.key = write("open.pem", ours->key, 0644);
        QVERIFY(has(checkCertificate(m_config, now), "warn can be read by all users"));
        m_config.domain = "chat.example.org";
        QVERIFY(has(checkCertificate(m_config, now), "fail is not for chat.example.org"));
        m_config.tls.key = write("other.pem", other->key);
        QVERIFY(has(checkCertificate(m_config, now), "fail does not belong"));
        m_config.tls.key = write("bad.pem", "no PEM");
        QVERIFY(has(checkCertificate(m_config, now), "fail private key"));
        m_config.tls.key = m_config.dataDir + "/none.pem";
        QVERIFY(has(checkCertificate(m_config, now), "fail none.pem"));
        m_config.tls.key.clear();
        QVERIFY(has(checkCertificate(m_config, now), "fail set together"));
    }

    void noCertificate()
    {
        const auto now = std::chrono::system_clock::now();
        QVERIFY(has(checkCertificate(m_config, now), "fail there is none for example.org"));
        m_config.tls.require = false;
        QVERIFY(has(checkCertificate(m_config, now), "fail there is none for example.org"));
        m_config.listen.c2sTls.clear();
        QVERIFY(has(checkCertificate(m_config, now), "warn in clear"));
        m_config.domain = "localhost";
        QVERIFY(has(checkCertificate(m_config, now), "ok made at each start"));
    }

    void folder()
    {
        QVERIFY(has(checkFolder(m_config), "ok owner alone"));
        ::chmod(m_config.dataDir.c_str(), 0755);
        QVERIFY(has(checkFolder(m_config), "warn chmod 700"));
        m_config.dataDir += "/none";
        QVERIFY(has(checkFolder(m_config), "warn not there yet"));
        m_config.dataDir = write("file", "");
        QVERIFY(has(checkFolder(m_config), "fail is no folder"));
    }

    void disk()
    {
        QVERIFY(!checkDisk(m_config).empty());
        m_config.dataDir += "/not/there/yet";
        QVERIFY(!has(checkDisk(m_config), "warn cannot ask"));
    }

    void store()
    {
        QVERIFY(has(checkStore(m_config, false), "ok there is none yet"));
        write("main.db", "this is no database, but it is long enough to be taken for one at first sight by sqlite");
        const Findings findings = checkStore(m_config, false);
        QVERIFY2(has(findings, "fail main.db"), textOf(findings).constData());
        QFile::remove(m_folder.filePath(QStringLiteral("main.db")));
        m_config.storage.url = "postgresql://x";
        QVERIFY(has(checkStore(m_config, false), "fail not built yet"));
    }

    void ports()
    {
        m_config.listen.c2s.clear();
        m_config.listen.c2sTls.clear();
        m_config.listen.http.clear();
        m_config.listen.https.clear();
        QVERIFY(has(checkPorts(m_config, {}), "warn no client can connect"));
        const net::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QCOMPARE(::bind(socket.number(), reinterpret_cast<sockaddr *>(&address), size), 0);
        QCOMPARE(::listen(socket.number(), 1), 0);
        QCOMPARE(::getsockname(socket.number(), reinterpret_cast<sockaddr *>(&address), &size), 0);
        const std::uint16_t port = ntohs(address.sin_port);
        m_config.listen.c2s = {{"127.0.0.1", port}};
        QVERIFY(has(checkPorts(m_config, {}), "fail taken by another program"));
        const std::string ours = "c2s 127.0.0.1:" + std::to_string(port);
        QVERIFY(has(checkPorts(m_config, {{"listening", ours}}), "ok served by the running server"));
        QVERIFY(has(checkPorts(m_config, {{"listening", ours + "0"}}), "fail taken by another program"));
        m_config.listen.c2s = {{"192.0.2.1", port}};
        QVERIFY(has(checkPorts(m_config, {}), "fail no address of this machine"));
        m_config.listen.c2s = {{"127.0.0.1", 0}};
        QVERIFY(has(checkPorts(m_config, {}), "ok takes a free port"));
    }

    void dns()
    {
        const Findings both = adviseDns(m_config);
        QVERIFY2(has(both, "note _xmpps-client._tcp.example.org. 3600 IN SRV 5 0 5223 example.org.") &&
                     has(both, "note _xmpp-client._tcp.example.org. 3600 IN SRV 5 0 5222 example.org."),
                 textOf(both).constData());
        QVERIFY(has(both, "note clients in browsers ask https://example.org/.well-known/host-meta"));
        m_config.listen.c2sTls.clear();
        m_config.listen.https = {{"::", 443}};
        const Findings shared = adviseDns(m_config);
        QVERIFY(has(shared, "note _xmpps-client._tcp.example.org. 3600 IN SRV 5 0 443 example.org."));
        QVERIFY(!has(shared, "note clients in browsers"));
        m_config.listen.https.clear();
        QVERIFY(has(adviseDns(m_config), "note _xmpps-client._tcp.example.org. 3600 IN SRV 0 0 0 ."));
        m_config.domain = "localhost";
        QVERIFY(adviseDns(m_config).empty());
    }
};

GODWIT_TEST(TstChecks);
#include "tst_checks.moc"
