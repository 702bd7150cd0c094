// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "FakeControl.h"
#include "admin/Messages.h"

#include <QTest>

using namespace godwit;
using namespace godwit::admin;

namespace
{

std::vector<std::string> fieldsOf(const std::string &frame)
{
    FrameBuffer buffer;
    buffer.append(frame);
    auto fields = buffer.next();
    return fields.ok() && *fields ? **fields : std::vector<std::string>();
}

/// Through both ends, as over the socket.
std::vector<std::string> answer(const std::string &request, Control &control)
{
    return fieldsOf(answerRequest(fieldsOf(request), control));
}

base::WallTime at(std::int64_t microseconds)
{
    return base::WallTime(base::Duration(microseconds));
}

AccountKeys someKeys()
{
    AccountKeys account;
    account.jid = "alice@example.org";
    accounts::ScramKeys keys;
    keys.hash = accounts::ScramHash::Sha512;
    keys.iterations = 10'000;
    keys.salt = std::string("\0salt", 5);
    keys.storedKey = "stored";
    keys.serverKey = "server";
    account.credentials.keys = {keys, keys};
    account.credentials.disabled = true;
    return account;
}

} // namespace

class TstMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void known()
    {
        FakeControl control;
        const auto known = readKnown(answer(askKnown({"a@x", "b@x"}), control));
        QVERIFY(known.ok());
        QCOMPARE(*known, (std::vector<bool>{true, false}));
        QCOMPARE(control.asked, (std::vector<std::string>{"known a@x", "known b@x"}));
    }

    void put()
    {
        FakeControl control;
        control.answers = {base::Ok{}, base::Error(base::ErrorCode::AlreadyExists, "there")};
        const auto done = readPut(answer(askPut({someKeys(), {"b@x", {}}}, PutMode::Replace), control));
        QVERIFY(done.ok());
        QCOMPARE(done->size(), std::size_t(2));
        QVERIFY((*done)[0].ok());
        QVERIFY((*done)[1].error().code() == base::ErrorCode::AlreadyExists);
        QCOMPARE(QByteArray::fromStdString((*done)[1].error().text()), QByteArray("there"));
        QCOMPARE(control.asked.front(), std::string("put 2"));
        const AccountKeys expected = someKeys();
        QCOMPARE(control.accounts.size(), std::size_t(2));
        QCOMPARE(control.accounts[0].jid, expected.jid);
        QVERIFY(control.accounts[0].credentials.disabled);
        QCOMPARE(control.accounts[0].credentials.keys.size(), std::size_t(2));
        const accounts::ScramKeys &keys = control.accounts[0].credentials.keys[1];
        QVERIFY(keys.hash == accounts::ScramHash::Sha512);
        QCOMPARE(keys.iterations, 10'000U);
        QCOMPARE(keys.salt, std::string("\0salt", 5));
        QCOMPARE(keys.storedKey, std::string("stored"));
        QCOMPARE(keys.serverKey, std::string("server"));
        QVERIFY(control.accounts[1].credentials.keys.empty());
    }

    void remove()
    {
        FakeControl control;
        QVERIFY(readRemove(answer(askRemove("a@x"), control)).ok());
        control.removal = base::Error(base::ErrorCode::NotFound, "none", base::Error(base::ErrorCode::Io, "why"));
        const auto failed = readRemove(answer(askRemove("a@x"), control));
        QVERIFY(!failed.ok() && failed.error().code() == base::ErrorCode::NotFound);
        QCOMPARE(failed.error().text(), std::string("none: why"));
    }

    void list()
    {
        FakeControl control;
        control.infos = {{"a@x", at(1'700'000'000'000'001), false}, {"b@x", at(2), true}};
        const auto infos = readList(answer(askList("0@x", 7), control));
        QVERIFY(infos.ok());
        QCOMPARE(control.asked.front(), std::string("list 0@x 7"));
        QCOMPARE(infos->size(), std::size_t(2));
        QCOMPARE((*infos)[0].jid, std::string("a@x"));
        QVERIFY((*infos)[0].created == at(1'700'000'000'000'001));
        QVERIFY((*infos)[1].disabled);
    }

    void status()
    {
        FakeControl control;
        control.lines = {{"version", "1"}, {"empty", ""}};
        const auto lines = readStatus(answer(askStatus(), control));
        QVERIFY(lines.ok());
        QCOMPARE(lines->size(), std::size_t(2));
        QCOMPARE((*lines)[0].value, std::string("1"));
    }

    void trace()
    {
        FakeControl control;
        MessageTrace trace;
        trace.sender = "a@x";
        trace.recipient = "b@y";
        trace.stored = at(12);
        trace.bytes = 99;
        trace.event = true;
        trace.atRecipient = MessageTrace::Party{"id", true, true, {{"phone", at(13)}, {"", at(14)}}};
        control.message = trace;
        const auto read = readTrace(answer(askTrace("b@y", "id"), control));
        QVERIFY(read.ok());
        QCOMPARE(control.asked.front(), std::string("trace b@y id"));
        QCOMPARE(read->sender, trace.sender);
        QCOMPARE(read->recipient, trace.recipient);
        QVERIFY(read->stored == trace.stored && read->event);
        QCOMPARE(read->bytes, trace.bytes);
        QVERIFY(!read->atSender && read->atRecipient);
        QVERIFY(read->atRecipient->archived && read->atRecipient->pending);
        QCOMPARE(read->atRecipient->proofs.size(), std::size_t(2));
        QCOMPARE(read->atRecipient->proofs[0].device, std::string("phone"));
        QVERIFY(read->atRecipient->proofs[1].time == at(14));
    }

    void refusesWhatDoesNotFit_data()
    {
        QTest::addColumn<QByteArrayList>("fields");
        QTest::newRow("nothing") << QByteArrayList();
        QTest::newRow("another protocol") << QByteArrayList{"2", "status"};
        QTest::newRow("unknown operation") << QByteArrayList{"1", "stop"};
        QTest::newRow("more than is read") << QByteArrayList{"1", "status", "x"};
        QTest::newRow("less than is read") << QByteArrayList{"1", "remove"};
        QTest::newRow("count without items") << QByteArrayList{"1", "known", "3"};
        QTest::newRow("count beyond the bound") << QByteArrayList{"1", "known", "1001"};
        QTest::newRow("unknown mode") << QByteArrayList{"1", "put", "3", "0"};
        QTest::newRow("unknown hash") << QByteArrayList{"1", "put", "0", "1", "a@x", "0", "1", "3", "1", "", "", ""};
    }
    void refusesWhatDoesNotFit()
    {
        QFETCH(QByteArrayList, fields);
        FakeControl control;
        std::vector<std::string> given;
        for (const QByteArray &field : fields) {
            given.push_back(field.toStdString());
        }
        const auto answered = readStatus(fieldsOf(answerRequest(given, control)));
        QVERIFY(!answered.ok());
        QVERIFY(answered.error().code() == base::ErrorCode::InvalidInput);
        QVERIFY(control.asked.empty());
    }

    void readsAnswersOfAnotherVersion()
    {
        QVERIFY(!readStatus({}).ok());
        QVERIFY(!readStatus({"ok"}).ok());
        QVERIFY(!readStatus({"ok", "1", "name"}).ok());
        const auto unknown = readStatus({"melted", "words"});
        QVERIFY(!unknown.ok());
        QCOMPARE(unknown.error().text(), std::string("words"));
    }
};

GODWIT_TEST(TstMessages);
#include "tst_messages.moc"
