// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/ImportLine.h"

#include <QTest>

using namespace godwit;
using namespace godwit::admin;

class TstImportLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("jid"); // empty: the line is skipped
        QTest::addColumn<QByteArray>("password");
        const auto row = [](const char *name, const QByteArray &line, const char *jid, const char *password) {
            QTest::newRow(name) << line << QByteArray(jid) << QByteArray(password);
        };
        row("plain", "alice@example.org secret\n", "alice@example.org", "secret");
        row("without the end of the line", "alice@example.org secret", "alice@example.org", "secret");
        row("end of another system", "alice@example.org secret\r\n", "alice@example.org", "secret");
        row("tab", "alice@example.org\tsecret\n", "alice@example.org", "secret");
        row("several blanks", "  alice@example.org \t  secret\n", "alice@example.org", "secret");
        row("blanks in the password", "alice@example.org correct horse  battery\n", "alice@example.org",
            "correct horse  battery");
        row("blank at its end", "alice@example.org secret \n", "alice@example.org", "secret ");
        row("# in the password", "alice@example.org #1\n", "alice@example.org", "#1");
        row("JID is prepared", "Alice@EXAMPLE.org secret\n", "alice@example.org", "secret");
        row("JID beyond ASCII", "\xc3\x89lodie@example.org secret\n", "\xc3\xa9lodie@example.org", "secret");
        row("empty", "\n", "", "");
        row("nothing at all", "", "", "");
        row("blanks only", "  \t \n", "", "");
        row("comment", "# alice@example.org secret\n", "", "");
        row("comment behind blanks", "  # note\n", "", "");
    }
    void reads()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, jid);
        QFETCH(QByteArray, password);
        const auto read = parseImportLine(line.toStdString(), "example.org");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QCOMPARE(read->has_value(), !jid.isEmpty());
        if (read->has_value()) {
            QCOMPARE(QByteArray::fromStdString((*read)->jid), jid);
            QCOMPARE(QByteArray::fromStdString(std::string((*read)->password.bytes())), password);
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("no password") << QByteArray("alice@example.org\n") << QByteArray("no password");
        QTest::newRow("blanks for a password") << QByteArray("alice@example.org  \n") << QByteArray("no password");
        QTest::newRow("no name") << QByteArray("example.org hush\n") << QByteArray("name before the @");
        QTest::newRow("no JID") << QByteArray("@ hush\n") << QByteArray("no JID");
        QTest::newRow("forbidden character") << QByteArray("a\"b@example.org hush\n") << QByteArray("no JID");
        QTest::newRow("resource") << QByteArray("alice@example.org/phone hush\n") << QByteArray("no resource");
        QTest::newRow("another domain") << QByteArray("alice@elsewhere.org hush\n") << QByteArray("are at example.org");
        QTest::newRow("columns swapped") << QByteArray("hush@hush2 alice@example.org\n")
                                         << QByteArray("are at example.org");
        QTest::newRow("control character")
            << QByteArray("alice@example.org hu\x07sh\n") << QByteArray("cannot be used");
        QTest::newRow("NUL") << QByteArray("alice@example.org hu\0sh\n", 25) << QByteArray("cannot be used");
        QTest::newRow("not UTF-8") << QByteArray("alice@example.org hush\xff\n") << QByteArray("cannot be used");
        QTest::newRow("password too long")
            << QByteArray("alice@example.org hush") + QByteArray(1'020, 'x') << QByteArray("cannot be used");
        QTest::newRow("line too long") << QByteArray("alice@example.org hush") + QByteArray(5'000, 'x')
                                       << QByteArray("longer than 4096");
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, words);
        const auto read = parseImportLine(line.toStdString(), "example.org");
        QVERIFY(!read.ok());
        const QByteArray text = QByteArray::fromStdString(read.error().text());
        QVERIFY2(text.contains(words), text.constData());
        // What is refused may be a password, and errors are kept in logs.
        QVERIFY2(!text.contains("hush"), text.constData());
        QVERIFY2(!text.contains("alice"), text.constData());
    }
};

GODWIT_TEST(TstImportLine);
#include "tst_importline.moc"
