// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "http/HttpDate.h"

#include <QTest>

using namespace godwit;

class TstHttpDate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheExampleOfTheRfc()
    {
        QCOMPARE(http::formatHttpDate(base::WallTime(std::chrono::seconds(784'111'777))),
                 std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
    void writesALeapDay()
    {
        QCOMPARE(http::formatHttpDate(base::WallTime(std::chrono::seconds(1'709'251'199))),
                 std::string("Thu, 29 Feb 2024 23:59:59 GMT"));
    }
};

GODWIT_TEST(TstHttpDate);
#include "tst_httpdate.moc"
