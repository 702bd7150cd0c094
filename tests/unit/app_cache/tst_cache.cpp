// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "cache/Cache.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace godwit;
using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;
using cache::Cache;
using cache::Change;
using cache::Message;
using cache::Store;

class TstCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersComeInOrderWithTheirChanges();
    void waitIsDurable();
    void failureIsAnsweredAndFlushReportsIt();
    void noAnswerForWhoIsGone();
    void closingCommitsWhatWasSent();

private:
    static Message message(cache::Place place)
    {
        Message one;
        one.peer = QStringLiteral("mira@example.org");
        one.body = QStringLiteral("text");
        one.place = place;
        one.time = place;
        return one;
    }
};

void TstCache::answersComeInOrderWithTheirChanges()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    QStringList seen;
    connect(cache->get(), &Cache::changed, this, [&](const Change &change) {
        if (change.kind == Change::Kind::MessageAdded) {
            seen.append(QStringLiteral("added %1").arg(change.message.place));
        }
    });
    for (const cache::Place place : {1, 2, 3}) {
        (*cache)->run<Ok>(
            this,
            [place](Store &store) -> Result<Ok> {
                Message one = message(place);
                store.messages.insert(one);
                return Ok();
            },
            [&, place](const Result<Ok> &) { seen.append(QStringLiteral("done %1").arg(place)); });
    }
    const QStringList expected{QStringLiteral("added 1"), QStringLiteral("done 1"),  QStringLiteral("added 2"),
                               QStringLiteral("done 2"),  QStringLiteral("added 3"), QStringLiteral("done 3")};
    QTRY_COMPARE(seen, expected);
}

void TstCache::waitIsDurable()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    auto cache = Cache::open(path);
    QVERIFY(cache.ok());
    QVERIFY((*cache)
                ->wait<Ok>([](Store &store) -> Result<Ok> {
                    Message one = message(7);
                    store.messages.insert(one);
                    return Ok();
                })
                .ok());
    // The files as they are now, as after a crash.
    const QString copy = folder.filePath(QStringLiteral("copy.db"));
    QVERIFY(QFile::copy(path, copy));
    QVERIFY(QFile::copy(path + QStringLiteral("-wal"), copy + QStringLiteral("-wal")));
    auto after = Store::open(copy);
    QVERIFY(after.ok());
    QCOMPARE((*after)->messages.newestPlace(QStringLiteral("mira@example.org")), 7);
}

void TstCache::failureIsAnsweredAndFlushReportsIt()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    QVERIFY((*cache)->flush().ok());
    std::optional<ErrorCode> code;
    (*cache)->run<Ok>(
        this, [](Store &) -> Result<Ok> { return Error(ErrorCode::ResourceFull, "no room"); },
        [&](const Result<Ok> &result) { code = result.error().code(); });
    const auto flushed = (*cache)->flush();
    QVERIFY(!flushed.ok());
    QCOMPARE(flushed.error().code(), ErrorCode::ResourceFull);
    QVERIFY((*cache)->flush().ok());
    QTRY_VERIFY(code.has_value());
    QCOMPARE(*code, ErrorCode::ResourceFull);
}

void TstCache::noAnswerForWhoIsGone()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    bool answered = false;
    bool last = false;
    auto asker = std::make_unique<QObject>();
    (*cache)->run<Ok>(
        asker.get(), [](Store &) -> Result<Ok> { return Ok(); }, [&](const Result<Ok> &) { answered = true; });
    asker.reset();
    (*cache)->run<Ok>(this, [](Store &) -> Result<Ok> { return Ok(); }, [&](const Result<Ok> &) { last = true; });
    QTRY_VERIFY(last);
    QVERIFY(!answered);
}

void TstCache::closingCommitsWhatWasSent()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    {
        auto cache = Cache::open(path);
        QVERIFY(cache.ok());
        (*cache)->run([](Store &store) { store.settings.set(QStringLiteral("a"), QStringLiteral("b")); });
    }
    auto store = Store::open(path);
    QVERIFY(store.ok());
    QCOMPARE((*store)->settings.value(QStringLiteral("a")), QStringLiteral("b"));
}

GODWIT_TEST(TstCache);
#include "tst_cache.moc"
