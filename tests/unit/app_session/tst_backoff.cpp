// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "session/Backoff.h"

#include <QTest>

using namespace std::chrono_literals;
using godwit::session::Backoff;

class TstBackoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doublesUpToTheLongest();
    void chanceShortensByHalfAtMost();
    void resetBeginsAnew();
};

void TstBackoff::doublesUpToTheLongest()
{
    Backoff backoff;
    for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        QCOMPARE(backoff.next(0), std::chrono::milliseconds(expected));
    }
}

void TstBackoff::chanceShortensByHalfAtMost()
{
    for (const std::uint32_t random : {1u, 500u, 1023u, 0xffffffffu}) {
        Backoff backoff;
        const auto wait = backoff.next(random);
        QVERIFY(wait >= 500ms);
        QVERIFY(wait <= 1000ms);
    }
}

void TstBackoff::resetBeginsAnew()
{
    Backoff backoff;
    backoff.next(0);
    backoff.next(0);
    backoff.reset();
    QCOMPARE(backoff.next(0), 1000ms);
}

GODWIT_TEST(TstBackoff);
#include "tst_backoff.moc"
