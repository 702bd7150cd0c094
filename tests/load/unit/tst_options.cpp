// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Options.h"

#include "UnitTest.h"

#include <QTest>

using godwit::load::Mode;
using godwit::load::Parsed;

namespace
{

Parsed parsed(const QString &line)
{
    std::vector<std::string> arguments;
    const QStringList words = line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString &word : words) {
        arguments.push_back(word.toStdString());
    }
    return godwit::load::parse(arguments);
}

} // namespace

class TstOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorsNameTheOption_data();
    void errorsNameTheOption();
    void valuesArrive();
    void bytesNeedsNothing();
    void helpKnowsTheMode();
};

void TstOptions::errorsNameTheOption_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("named");
    QTest::newRow("mode") << "dance" << "dance";
    QTest::newRow("unknown option") << "chat --fast" << "--fast";
    QTest::newRow("option of another mode") << "hold --pairs 3" << "--pairs";
    QTest::newRow("no value") << "chat --pairs" << "--pairs";
    QTest::newRow("no number") << "chat --pairs x" << "1 to 30000";
    QTest::newRow("trailing text") << "chat --rate 3x" << "--rate";
    QTest::newRow("too small") << "chat --window 0" << "--window";
    QTest::newRow("port") << "hold --port 70000" << "65535";
    QTest::newRow("another machine") << "hold --host 192.0.2.1" << "127.0.0.0/8";
    QTest::newRow("no address") << "hold --host localhost" << "127.0.0.0/8";
    QTest::newRow("mechanism") << "hold --auth md5" << "scram-sha-256";
    QTest::newRow("pid") << "hold --server-pid 0" << "process id";
    QTest::newRow("phase") << "offline --phase later" << "drain";
    QTest::newRow("phase without state") << "offline --phase store" << "--state";
    QTest::newRow("anonymous and offline") << "offline --auth anonymous" << "anonymous";
    QTest::newRow("odd churn") << "churn --sessions 3" << "even";
    QTest::newRow("wire") << "chat --wire udp" << "bosh";
    QTest::newRow("wire of bytes") << "hold --http-port 5280" << "--http-port";
    QTest::newRow("torn BOSH") << "offline --cut --wire bosh" << "BOSH";
    QTest::newRow("resumed BOSH") << "churn --wire bosh" << "BOSH";
    QTest::newRow("half a server") << "bytes --port 5222" << "--http-port";
    QTest::newRow("bytes of one wire") << "bytes --wire ws" << "--wire";
    QTest::newRow("nothing accepted") << "offline --no-sm" << "--receiver-no-sm";
}

void TstOptions::errorsNameTheOption()
{
    QFETCH(const QString, line);
    QFETCH(const QString, named);
    const QString error = QString::fromStdString(parsed(line).error);
    QVERIFY2(error.contains(named), qPrintable(error));
}

void TstOptions::valuesArrive()
{
    const Parsed result = parsed(QStringLiteral(
        "chat --host 127.0.0.2 --port 7 --auth SCRAM-sha-256 --pairs 9 --rate 2.5 --server-pid 5 --server-pid 6 "
        "--no-origin-id --wire compact --json"));
    QVERIFY2(result.error.empty(), result.error.c_str());
    QCOMPARE(result.options.mode, Mode::Chat);
    QVERIFY(result.options.endpoint.host == "127.0.0.2");
    QCOMPARE(result.options.endpoint.port, std::uint16_t(7));
    QCOMPARE(result.options.endpoint.mechanism, godwit::load::Mechanism::ScramSha256);
    QCOMPARE(result.options.endpoint.wire, godwit::load::WireKind::Compact);
    QCOMPARE(result.options.pairs, 9U);
    QCOMPARE(result.options.rate, 2.5);
    QCOMPARE(result.options.serverPids.size(), std::size_t(2));
    QVERIFY(!result.options.originId);
    QCOMPARE(result.options.format, godwit::load::Format::Json);
}

void TstOptions::bytesNeedsNothing()
{
    const Parsed own = parsed(QStringLiteral("bytes"));
    QVERIFY2(own.error.empty(), own.error.c_str());
    QVERIFY(own.options.ownServer);
    QCOMPARE(own.options.endpoint.mechanism, godwit::load::Mechanism::ScramSha256);
    const Parsed running = parsed(QStringLiteral("bytes --port 7 --http-port 8 --auth plain"));
    QVERIFY2(running.error.empty(), running.error.c_str());
    QVERIFY(!running.options.ownServer);
    QCOMPARE(running.options.endpoint.port, std::uint16_t(7));
    QCOMPARE(running.options.httpPort, std::uint16_t(8));
    QCOMPARE(running.options.endpoint.mechanism, godwit::load::Mechanism::Plain);
}

void TstOptions::helpKnowsTheMode()
{
    QVERIFY(parsed(QString()).help);
    QVERIFY(parsed(QStringLiteral("chat --pairs x --help")).help);
    QVERIFY(godwit::load::help({}).find("churn") != std::string::npos);
    const std::string chat = godwit::load::help({"chat", "--help"});
    QVERIFY(chat.find("--overload") != std::string::npos);
    QVERIFY(chat.find("--settle") == std::string::npos);
}

GODWIT_TEST(TstOptions);
#include "tst_options.moc"
