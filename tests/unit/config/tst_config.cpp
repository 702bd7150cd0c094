// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "config/Config.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace godwit;
using namespace godwit::config;
using namespace std::chrono_literals;

namespace
{

/// The error of a text, or nothing.
std::string complaint(const std::string &text)
{
    const auto config = parseConfig(text, "/etc/godwit/godwitd.toml");
    return config ? std::string() : config.error().context();
}

bool has(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TstConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyFileIsTheDefaults()
    {
        const auto config = parseConfig("", "/etc/godwit/godwitd.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->domain, std::string("localhost"));
        QCOMPARE(config->dataDir, std::string("/etc/godwit/godwit-data"));
        QCOMPARE(config->listen.c2s, (std::vector<ListenAddress>{{"::", 5222}}));
        QCOMPARE(config->listen.c2sTls, (std::vector<ListenAddress>{{"::", 5223}}));
        QVERIFY(config->tls.require);
        QCOMPARE(config->storage.url, std::string("sqlite:"));
        QCOMPARE(config->sqlitePath(), config->dataDir);
        QVERIFY(config->auth.anonymousHosts.empty());
        QCOMPARE(config->limits.uncommittedStanzasMax, std::uint64_t{256});
        QVERIFY(config->limits.ackRequestInterval == 250ms);
    }

    void allKeysOfTheIssueAreRead()
    {
        const auto config = parseConfig(R"(
domain = "example.org"
data_dir = "/var/lib/godwit"
[listen]
c2s = ["127.0.0.1:5222", "[::1]:5222"]
c2s_tls = []
http = "*:80"
https = "localhost:443"
s2s = []
[tls]
require = false
certificate = "cert.pem"
key = "/etc/ssl/key.pem"
[storage]
url = "postgresql://db/godwit"
retention = "30 days"
[auth]
anonymous_hosts = ["anon.example.org"]
mechanisms = ["SCRAM-SHA-256", "PLAIN"]
scram_iterations = 4096
token_lifetime = "2 days"
tokens_per_account = 0
[stream_management]
resume_timeout = 300
[modules]
enabled = ["example"]
disabled = ["ping"]
plugin_dir = "plugins"
[log]
level = "debug"
[admin]
socket = "/run/godwitd.sock"
[limits]
stanza_bytes_max = "128 KiB"
handshake_time = "10 s"
shards = 2
)",
                                        "/etc/godwit/godwitd.toml");
        QVERIFY2(config.ok(), config ? "" : config.error().context().c_str());
        QCOMPARE(config->domain, std::string("example.org"));
        QCOMPARE(config->dataDir, std::string("/var/lib/godwit"));
        QCOMPARE(config->listen.c2s, (std::vector<ListenAddress>{{"127.0.0.1", 5222}, {"::1", 5222}}));
        QVERIFY(config->listen.c2sTls.empty());
        QCOMPARE(config->listen.http, (std::vector<ListenAddress>{{"*", 80}}));
        QCOMPARE(config->listen.https, (std::vector<ListenAddress>{{"localhost", 443}}));
        QVERIFY(config->listen.s2s.empty());
        QVERIFY(!config->tls.require);
        QCOMPARE(config->tls.certificate, std::string("/etc/godwit/cert.pem"));
        QCOMPARE(config->tls.key, std::string("/etc/ssl/key.pem"));
        QCOMPARE(config->storage.url, std::string("postgresql://db/godwit"));
        QVERIFY(config->retentionTime() == std::chrono::hours(24 * 30));
        QCOMPARE(config->auth.anonymousHosts, std::vector<std::string>{"anon.example.org"});
        QCOMPARE(config->auth.mechanisms, (std::vector<std::string>{"SCRAM-SHA-256", "PLAIN"}));
        QCOMPARE(config->auth.scramIterations, std::uint64_t{4096});
        QVERIFY(config->auth.tokenLifetime == std::chrono::hours(48));
        QCOMPARE(config->auth.tokensPerAccount, std::uint64_t{0});
        QVERIFY(config->streamManagement.resumeTimeout == 300s);
        QCOMPARE(config->modules.enabled, std::vector<std::string>{"example"});
        QCOMPARE(config->modules.disabled, std::vector<std::string>{"ping"});
        QCOMPARE(config->modules.pluginDir, std::string("/etc/godwit/plugins"));
        QVERIFY(config->log.level == base::LogLevel::Debug);
        QCOMPARE(config->dataPath(config->admin.socket), std::string("/run/godwitd.sock"));
        QCOMPARE(config->limits.stanzaBytesMax, std::uint64_t{131072});
        QVERIFY(config->limits.handshakeTime == 10s);
        QCOMPARE(config->limits.shards, std::uint64_t{2});
    }

    void mistakesAreToldInTheOrderOfTheFile()
    {
        const auto config = parseConfig("[tls]\nrequire = 1\n[limits]\nunproved_max = 0\nx = 1\n[auth]\ny = 1\n", "f");
        QVERIFY(!config);
        std::vector<std::string> lines;
        std::istringstream text(config.error().context());
        for (std::string line; std::getline(text, line);) {
            lines.push_back(line.substr(0, 4));
        }
        QCOMPARE(lines, (std::vector<std::string>{"f:2:", "f:4:", "f:5:", "f:7:"}));
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("allowed");
        const auto row = [](const char *name, const char *text, const char *where, const char *allowed) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(where) << QByteArray(allowed);
        };
        row("not TOML", "domain = \"a\"\nx = = 1\n", "godwitd.toml:2: not TOML", "");
        row("wrong type", "\ndomain = 5\n", "godwitd.toml:2: domain: is a number", "a domain name");
        row("empty domain", "domain = \"\"", "godwitd.toml:1: domain: ''", "a domain name");
        row("JID as a domain", "domain = \"a@b\"", "domain: 'a@b'", "a domain name");
        row("a port in a domain", "domain = \"example.org:5222\"", "domain: 'example.org:5222'", "a domain name");
        row("anonymous where accounts are", "domain = \"a.org\"\nauth.anonymous_hosts = [\"b.org\", \"A.org\"]",
            "auth.anonymous_hosts: 'a.org'", "further domains");
        row("unknown key", "domian = \"a\"", ":1: domian: unknown key", "did you mean 'domain'?");
        row("unknown section", "[listne]\nc2s = []", "listne: unknown key", "did you mean 'listen'?");
        row("unknown key in a section", "[tls]\nrequired = true", ":2: tls.required: unknown", "'tls.require'");
        row("key of another section", "[storage]\nscram_iterations = 5000", "storage.scram_iterations: unknown",
            "'auth.scram_iterations'");
        row("key without its section", "resume_timeout = 5", "resume_timeout: unknown",
            "'stream_management.resume_timeout'");
        row("short and far from anything", "q = 5", ":1: q: unknown key", "allowed is domain, data_dir, listen");
        row("far from anything", "[log]\nzzzzzzzzzzzz = 5", "log.zzzzzzzzzzzz: unknown key", "allowed is log.level");
        row("section as a value", "listen = 5", ":1: listen: is a section", "[listen]");
        row("address without a port", "[listen]\nc2s = \"127.0.0.1\"", ":2: listen.c2s: '127.0.0.1'", "address:port");
        row("host name to listen on", "[listen]\nc2s = \"example.org:5222\"", "listen.c2s: 'example.org:5222'",
            "numeric");
        row("three numbers", "[listen]\nc2s = \"1.2.3:5222\"", "godwitd.toml:2: listen.c2s: '1.2.3:5222'",
            "address:port");
        row("a number that is no byte", "[listen]\nc2s = \"999.1.1.1:5222\"", ":2: listen.c2s:", "address:port");
        row("colons that are no address", "[listen]\nc2s = \"[1::2::3]:5222\"", ":2: listen.c2s:", "address:port");
        row("port out of range", "[listen]\nc2s = [\"[::]:5222\", \"[::]:65536\"]", "listen.c2s: '[::]:65536'",
            "address:port");
        row("number in a list", "[listen]\nc2s = [5222]", "listen.c2s: has a number", "address:port");
        row("port alone", "[listen]\nc2s = 5222", "listen.c2s: is a number", "address:port");
        row("not a truth value", "[tls]\nrequire = \"no\"", "tls.require: is a text", "true or false");
        row("certificate without key", "[tls]\ncertificate = \"a\"", "godwitd.toml:2: tls.certificate and tls.key",
            "without the other");
        row("limits that do not fit", "[limits]\nstanza_bytes_max = 20000\n\npresence_bytes_max = 30000",
            "godwitd.toml:4: limits.presence_bytes_max (30000)", "at most limits.stanza_bytes_max (20000)");
        row("unknown store", "[storage]\nurl = \"mysql://\"", "storage.url: 'mysql://'", "sqlite:");
        row("too few iterations", "[auth]\nscram_iterations = 4095", "auth.scram_iterations: '4095'",
            "from 4096 to 10000000");
        row("tokens that are gone at once", "[auth]\ntoken_lifetime = \"59 s\"", "auth.token_lifetime: '59 s'",
            "from 1 min to 365 days");
        row("tokens for ever", "[auth]\ntoken_lifetime = \"366 days\"", "auth.token_lifetime: '366 days'",
            "from 1 min to 365 days");
        row("too many tokens", "[auth]\ntokens_per_account = 1001", "auth.tokens_per_account: '1001'",
            "from 0 to 1000");
        row("no time", "[storage]\nretention = \"a while\"", "storage.retention: 'a while'", "\"forever\" or a time");
        row("negative", "[auth]\nscram_iterations = -1", "auth.scram_iterations: '-1'", "from 4096 to");
        row("unknown mechanism", "[auth]\nmechanisms = [\"DIGEST-MD5\"]", "auth.mechanisms: 'DIGEST-MD5'",
            "SCRAM-SHA-256");
        row("unknown unit", "[stream_management]\nresume_timeout = \"5 fortnights\"", "resume_timeout: '5 fortnights'",
            "\"5 min\"");
        row("too long", "[stream_management]\nresume_timeout = \"8 days\"", "resume_timeout: '8 days'", "to 7 days");
        row("overflow", "[stream_management]\nresume_timeout = 9223372036854775807", "resume_timeout", "to 7 days");
        row("time is a float", "[stream_management]\nresume_timeout = 1.5", "resume_timeout: is a number with a point",
            "a time");
        row("level", "[log]\nlevel = \"loud\"", "log.level: 'loud'", "\"warning\"");
        row("count with a unit", "[limits]\nshards = \"2 KiB\"", "limits.shards: is a text", "a number");
        row("module name", "[modules]\nenabled = [\"../x\"]", "modules.enabled: '../x'", "small letters");
    }

    void mistakes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, allowed);
        const std::string words = complaint(text.toStdString());
        QVERIFY2(has(words, where.toStdString()), words.c_str());
        QVERIFY2(has(words, allowed.toStdString()), words.c_str());
        QVERIFY2(words.starts_with("/etc/godwit/godwitd.toml:"), words.c_str());
    }

    void allMistakesAreToldAtOnce()
    {
        const std::string words = complaint("domian = 1\n[tls]\nrequire = 2\n[log]\nlevel = 3\n");
        QCOMPARE(std::count(words.begin(), words.end(), '\n'), 2L);
        QVERIFY(has(words, ":1: domian"));
        QVERIFY(has(words, ":3: tls.require"));
        QVERIFY(has(words, ":5: log.level"));
    }

    void printedDefaultsAreTheDefaults()
    {
        const std::string text = defaultConfigText();
        QVERIFY(complaint(text).empty());
        // Without the # in front of the keys it says the same.
        const std::string bare =
            QString::fromStdString(text)
                .replace(QRegularExpression(QStringLiteral("(^|\n)#([a-z0-9_]+ = )")), QStringLiteral("\\1\\2"))
                .toStdString();
        QVERIFY(bare != text);
        const auto config = parseConfig(bare, "/etc/godwit/godwitd.toml");
        QVERIFY2(config.ok(), config ? "" : config.error().context().c_str());
        const Config defaults;
        QCOMPARE(config->domain, defaults.domain);
        QCOMPARE(config->listen.c2s, defaults.listen.c2s);
        QCOMPARE(config->auth.mechanisms, defaults.auth.mechanisms);
        QVERIFY(config->streamManagement.resumeTimeout == defaults.streamManagement.resumeTimeout);
        for (const LimitSpec &limit : limitTable()) {
            if (const auto *number = std::get_if<NumberLimit>(&limit.value)) {
                QCOMPARE(config->limits.*number->member, defaults.limits.*number->member);
            } else {
                const auto &time = std::get<TimeLimit>(limit.value);
                QVERIFY(config->limits.*time.member == defaults.limits.*time.member);
            }
        }
        for (const std::string &key : configKeys()) {
            QVERIFY2(has(bare, "\n" + key.substr(key.find('.') + 1) + " = "), key.c_str());
        }
    }

    void printedDefaultsTakeADomain()
    {
        const auto config = parseConfig(defaultConfigText("chat.example"), "godwitd.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->domain, std::string("chat.example"));
        QCOMPARE(config->dataDir, QDir::current().filePath(QStringLiteral("godwit-data")).toStdString());
    }

    void domainsAreThoseOfAddresses()
    {
        const auto config = parseConfig(
            "domain = \"Chat.EXAMPLE.org.\"\nauth.anonymous_hosts = [\"Guest.Example.org\"]", "godwitd.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->domain, std::string("chat.example.org"));
        QCOMPARE(config->auth.anonymousHosts, std::vector<std::string>{"guest.example.org"});
    }

    void filesAreRead()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("godwitd.toml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("domain = \"example.org\"\nstorage.url = \"sqlite:db\"\n");
        file.close();
        const auto config = loadConfig(path.toStdString());
        QVERIFY(config.ok());
        QCOMPARE(config->domain, std::string("example.org"));
        QCOMPARE(config->file, path.toStdString());
        QCOMPARE(config->sqlitePath(), folder.filePath(QStringLiteral("godwit-data/db")).toStdString());
        const auto missing = loadConfig(path.toStdString() + "x");
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code(), base::ErrorCode::NotFound);
        QVERIFY(has(missing.error().text(), "godwitd.tomlx"));
        QVERIFY(!loadConfig(folder.path().toStdString()).ok());
    }

    void theFileIsSearched()
    {
        const QTemporaryDir folder;
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(folder.path()));
        QFile file(QStringLiteral("godwitd.toml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QCOMPARE(findConfigFile(), std::optional<std::string>("godwitd.toml"));
        qputenv("GODWITD_CONFIG", "/somewhere/else.toml");
        QCOMPARE(findConfigFile(), std::optional<std::string>("/somewhere/else.toml"));
        qunsetenv("GODWITD_CONFIG");
        QDir::setCurrent(before);
    }
};

GODWIT_TEST(TstConfig);
#include "tst_config.moc"
