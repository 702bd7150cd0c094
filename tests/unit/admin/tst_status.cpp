// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/Status.h"

#include <QTest>

using namespace godwit::admin;

class TstStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uptime_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("none") << qint64(0) << QByteArray("0 s");
        QTest::newRow("seconds") << qint64(59) << QByteArray("59 s");
        QTest::newRow("a minute") << qint64(60) << QByteArray("1 min 0 s");
        QTest::newRow("hours") << qint64(2 * 3'600 + 61) << QByteArray("2 h 1 min");
        QTest::newRow("days") << qint64(3 * 86'400 + 59) << QByteArray("3 d 0 h");
    }
    void uptime()
    {
        QFETCH(qint64, seconds);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(formatUptime(std::chrono::seconds(seconds))), text);
    }

    void bytes_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("none") << quint64(0) << QByteArray("0 B");
        QTest::newRow("below") << quint64(1'023) << QByteArray("1023 B");
        QTest::newRow("one") << quint64(1'024) << QByteArray("1.0 KiB");
        QTest::newRow("parts") << quint64(1'572'864) << QByteArray("1.5 MiB");
        QTest::newRow("most") << ~quint64(0) << QByteArray("16777216.0 TiB");
    }
    void bytes()
    {
        QFETCH(quint64, bytes);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(formatBytes(bytes)), text);
    }

    void namesEveryListener()
    {
        ServerStatus status;
        status.listeners = {"c2s 127.0.0.1:1", "c2s_tls 127.0.0.1:2"};
        status.stored = 42;
        int listeners = 0;
        bool stored = false;
        for (const StatusLine &line : describe(status)) {
            listeners += line.name == listenerLine ? 1 : 0;
            stored = stored || (line.name == "messages stored" && line.value == "42");
        }
        QCOMPARE(listeners, 2);
        QVERIFY(stored);
    }
};

GODWIT_TEST(TstStatus);
#include "tst_status.moc"
