// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "crypto/Password.h"

#include <QTest>

using godwit::crypto::Password;

class TstPassword : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prepares_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("expected"); // empty: refused
        QTest::newRow("ASCII stays") << QByteArray("pencil") << QByteArray("pencil");
        QTest::newRow("case and inner spaces stay") << QByteArray("Correct Horse") << QByteArray("Correct Horse");
        QTest::newRow("outer spaces stay") << QByteArray(" x ") << QByteArray(" x ");
        QTest::newRow("markup is only text") << QByteArray("<\"'&/@>") << QByteArray("<\"'&/@>");
        // RFC 8265 §4.3, table 3
        QTest::newRow("non-ASCII letter")
            << QByteArray("\xcf\x80\xc3\x9f\xc3\xa5") << QByteArray("\xcf\x80\xc3\x9f\xc3\xa5");
        QTest::newRow("symbol") << QByteArray("Jack of \xe2\x99\xa6s") << QByteArray("Jack of \xe2\x99\xa6s");
        QTest::newRow("Ogham space becomes a space") << QByteArray("foo\xe1\x9a\x80"
                                                                   "bar")
                                                     << QByteArray("foo bar");
        QTest::newRow("decomposed becomes composed") << QByteArray("e\xcc\x81") << QByteArray("\xc3\xa9");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("control character") << QByteArray("my cat is a \x09"
                                                         "by")
                                           << QByteArray();
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray();
        QTest::newRow("not UTF-8") << QByteArray("\xff\xfe") << QByteArray();
        QTest::newRow("longest") << QByteArray(1023, 'x') << QByteArray(1023, 'x');
        QTest::newRow("too long") << QByteArray(1024, 'x') << QByteArray();
    }
    void prepares()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, expected);
        const auto password = Password::prepare(given.toStdString());
        QCOMPARE(password.ok(), !expected.isEmpty());
        if (password.ok()) {
            QCOMPARE(QByteArray::fromStdString(std::string(password->bytes())), expected);
        }
    }
};

GODWIT_TEST(TstPassword);
#include "tst_password.moc"
