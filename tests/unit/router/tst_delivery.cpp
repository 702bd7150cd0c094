// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// RFC 6121 §8 row by row (DELIVERY.md rules 1 and 2); tests/corpus/delivery/rules.txt has the table, and
// tests/interop/test_delivery.py asks the live server the same.

#include "UnitTest.h"
#include "ledger/Storable.h"
#include "router/Delivery.h"

#include <QFile>
#include <QTest>

using namespace godwit::router;
using godwit::ledger::RecipientKind;
namespace xml = godwit::xml;

namespace
{

struct Column {
    const char *name;
    AddressState state;
};

constexpr Column columns[] = {
    {"8.5.1 no account, bare", AddressState::NoSuchUser},
    {"8.5.1 no account, full", AddressState::NoSuchUser},
    {"8.5.2.2 bare, no available resource", AddressState::BareNobody},
    {"8.5.2.1 bare, negative priority only", AddressState::BareNobody},
    {"8.5.2.1 bare, available resources", AddressState::BareSomebody},
    {"8.5.3.1 full, match", AddressState::FullMatch},
    {"8.5.3.1 full, match of negative priority", AddressState::FullMatch},
    {"8.5.3.2 full, no match, no available resource", AddressState::FullGoneNobody},
    {"8.5.3.2 full, no match, negative priority only", AddressState::FullGoneNobody},
    {"8.5.3.2 full, no match, available resources", AddressState::FullGoneSomebody},
};

constexpr std::pair<const char *, DeliveryAction> actions[] = {
    {"one", DeliveryAction::Deliver},       {"all", DeliveryAction::DeliverToAll}, {"handle", DeliveryAction::Handle},
    {"error", DeliveryAction::Unavailable}, {"drop", DeliveryAction::Drop},
};

/// "message chat-state" as a stanza.
xml::Stanza stanzaOf(const QByteArray &kind, const QByteArray &type)
{
    const QByteArray words = type == "chat-state" ? "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
                             : kind == "message"  ? "<body>words</body>"
                             : kind == "iq"       ? "<ping xmlns='urn:xmpp:ping'/>"
                                                  : "";
    const QByteArray attribute = type == "available" ? "" : " type='" + (type == "chat-state" ? "chat" : type) + "'";
    const QByteArray text =
        "<" + kind + " from='a@example.org/x' to='b@example.org' id='1'" + attribute + ">" + words + "</" + kind + ">";
    return *xml::parseStanza(text.toStdString());
}

/// What the cell says of a message that is in the log: there the address decides who is shown the row.
QByteArray wayOfStored(AddressState state)
{
    switch (state) {
    case AddressState::NoSuchUser:
        return "error";
    case AddressState::FullMatch:
        return "one";
    case AddressState::BareSomebody:
    case AddressState::FullGoneSomebody:
        return "all";
    case AddressState::BareNobody:
    case AddressState::FullGoneNobody:
        return "later";
    }
    return "";
}

} // namespace

class TstDelivery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void table_data();
    void table();
};

void TstDelivery::table_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("column");
    QTest::addColumn<QByteArray>("cell");
    QFile file(QStringLiteral(GODWIT_CORPUS "/delivery/rules.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int rows = 0;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().simplified();
        if (line.isEmpty() || line.startsWith('#')) {
            continue;
        }
        const QList<QByteArray> words = line.split(' ');
        QCOMPARE(words.size(), 2 + std::ssize(columns));
        for (int i = 0; i < std::ssize(columns); ++i) {
            const QByteArray cell = words[2 + i].split('(').first();
            const QByteArray deviation = words[2 + i] == cell ? "" : " " + words[2 + i].mid(cell.size());
            const QByteArray name = QByteArray(columns[i].name) + ": " + words[0] + " " + words[1] + deviation;
            QTest::newRow(name.constData()) << words[0] << words[1] << i << cell;
            ++rows;
        }
    }
    QCOMPARE(rows, 180);
}

/// Rules 1 and 2: one table for what is stored and one for the rest.
void TstDelivery::table()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, type);
    QFETCH(int, column);
    QFETCH(QByteArray, cell);
    const xml::Stanza stanza = stanzaOf(kind, type);
    const AddressState state = columns[column].state;
    if (godwit::ledger::classify(stanza, RecipientKind::Account).storable) {
        QCOMPARE(cell, wayOfStored(state));
        return;
    }
    const MessageWeight weight =
        kind == "message" && type != "chat-state" ? MessageWeight::Words : MessageWeight::Signal;
    const DeliveryAction action = decideDelivery(stanza.kind, stanza.type, state, weight);
    const auto *const expected =
        std::find_if(std::begin(actions), std::end(actions), [&](const auto &one) { return cell == one.first; });
    QVERIFY2(expected != std::end(actions), cell.constData());
    QCOMPARE(static_cast<int>(action), static_cast<int>(expected->second));
}

GODWIT_TEST(TstDelivery);

#include "tst_delivery.moc"
