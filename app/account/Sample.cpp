// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The account of `godwit --offline`: every state that the interface can show, on data that nobody wrote.

#include "account/Account.h"

#include "account/AccountRooms.h"
#include "base/Assert.h"
#include "session/SampleSession.h"

#include <algorithm>

namespace godwit::account
{

using base::Ok;
using base::Result;
using cache::Message;
using cache::MessageState;
using cache::Store;
using cache::Time;

namespace
{

constexpr Time minute = 60'000'000;
constexpr Time day = 24 * 60 * minute;

const QString mira = QStringLiteral("mira@example.org");
const QString jonas = QStringLiteral("jonas@example.org");
const QString nour = QStringLiteral("nour@example.net");
const QString dana = QStringLiteral("dana@example.net");
const QString longName = QStringLiteral("konstantina@example.com");
const QString refusing = QStringLiteral("lars@unreachable.example");
const QString quiet = QStringLiteral("yuki@example.org");
const QString stranger = QStringLiteral("someone@example.net");

/// Writes the messages of one chat, each a little later than the one before.
class Script
{
public:
    Script(Store &store, QString peer, Time start)
        : m_store(store)
        , m_peer(std::move(peer))
        , m_at(start)
    {
    }
    Script &pause(Time time)
    {
        m_at += time;
        return *this;
    }
    Script &other(const QString &body, bool seen = true)
    {
        Message message = base(body);
        message.seen = seen;
        message.markable = true;
        message.stanzaId = QStringLiteral("in-%1-%2").arg(m_peer).arg(message.place);
        m_store.messages.insert(message);
        return *this;
    }
    Script &own(const QString &body, MessageState state = MessageState::Read, const QString &reason = {})
    {
        Message message = base(body);
        message.own = true;
        message.state = state;
        message.reason = reason;
        message.stanzaId = QStringLiteral("own-%1-%2").arg(m_peer).arg(message.place);
        message.originId = message.stanzaId;
        auto &timeline = message.timeline;
        timeline.queued = message.time;
        timeline.sent = state >= MessageState::Sent ? message.time + 40'000 : 0;
        timeline.accepted =
            state >= MessageState::Accepted && state != MessageState::Failed ? message.time + 90'000 : 0;
        timeline.delivered =
            state == MessageState::Delivered || state == MessageState::Read ? message.time + 400'000 : 0;
        timeline.read = state == MessageState::Read ? message.time + minute : 0;
        timeline.failed = state == MessageState::Failed ? message.time + 300'000 : 0;
        m_store.messages.insert(message);
        return *this;
    }
    Time at() const { return m_at; }

private:
    Message base(const QString &body)
    {
        Message message;
        message.peer = m_peer;
        message.body = body;
        message.place = m_at;
        message.time = m_at;
        m_at += minute / 2;
        return message;
    }
    Store &m_store;
    QString m_peer;
    Time m_at;
};

/// Long enough to page through, with a gap, an unread line and every state of an own message.
void writeMira(Store &store, Time now)
{
    Script script(store, mira, now - 3 * day);
    for (int i = 1; i <= 60; ++i) {
        script.other(QStringLiteral("Count %1 came in from the mudflats.").arg(i))
            .own(QStringLiteral("Noted, number %1.").arg(i))
            .pause(minute);
    }
    const Time gapBegins = script.at();
    Script later(store, mira, now - 50 * minute);
    cache::Span older{.row = 0,
                      .scope = {},
                      .lowId = QStringLiteral("a"),
                      .highId = QStringLiteral("b"),
                      .lowPlace = now - 3 * day,
                      .highPlace = gapBegins,
                      .fromBeginning = true};
    cache::Span newer{.row = 0,
                      .scope = {},
                      .lowId = QStringLiteral("c"),
                      .highId = QStringLiteral("d"),
                      .lowPlace = later.at(),
                      .highPlace = now,
                      .fromBeginning = false};
    store.spans.add(older);
    store.spans.add(newer);
    later.other(QStringLiteral("Are you awake?"))
        .other(QStringLiteral("The ferry leaves at 7:40, not at 8:10. I looked it up twice."))
        .pause(3 * minute)
        .own(QStringLiteral("Awake, packed, and out of coffee."))
        .own(QStringLiteral("I will be at the pier by half past."))
        .pause(5 * minute)
        .other(QStringLiteral(
            "Good. Bring the long lens, the binoculars and something warm: the forecast says nine degrees and wind "
            "from "
            "the north-west all morning, and last time we stood there for two hours before the first flock came over. "
            "I have the flask, sandwiches and the notebook."))
        .own(QStringLiteral("Long lens is in the bag \U0001F426"), MessageState::Delivered)
        .pause(2 * minute)
        .own(
            QStringLiteral("Map: https://example.org/maps/a-rather-long-address/that-does-not-break?at=53.5511,9.9937"),
            MessageState::Accepted)
        .own(QStringLiteral("On my way now"), MessageState::Sent)
        .own(QStringLiteral("No signal under the bridge, this one waits"), MessageState::Queued)
        .pause(3 * minute)
        .other(QStringLiteral("They are here. Forty at least."), false)
        .other(QStringLiteral("Run."), false);
}

void writeOthers(Store &store, Time now)
{
    Script(store, jonas, now - 90 * minute)
        .own(QStringLiteral("Did the parcel arrive?"))
        .other(QStringLiteral("Not yet. I will tell you when it does."));
    Script(store, nour, now - 5 * 60 * minute)
        .other(QStringLiteral("صباح الخير! هل رأيت الطيور اليوم؟"))
        .own(QStringLiteral("نعم، أكثر من أربعين طائرًا فوق البحر."))
        .other(QStringLiteral("رائع. أرسل لي الصور عندما تعود إلى البيت، من فضلك (IMG_2041.jpg)."), false);
    Script(store, dana, now - 7 * 60 * minute)
        .other(QStringLiteral("בוקר טוב, הפגישה ב־10:30?"))
        .own(QStringLiteral("כן, ניפגש שם."), MessageState::Delivered);
    Script(store, longName, now - day - 40 * minute)
        .other(QStringLiteral("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"))
        .own(QStringLiteral("/me reads that twice"))
        .own(QStringLiteral("First line\nSecond line\n\n    indented code = true;\nLast line"));
    Script(store, refusing, now - 2 * day)
        .own(QStringLiteral("Is this still your address?"), MessageState::Failed,
             QStringLiteral("The other side's server cannot be reached."))
        .own(QStringLiteral("Trying once more."), MessageState::Failed,
             QStringLiteral("The other side's server cannot be reached."));
    Script(store, stranger, now - 30 * minute)
        .other(QStringLiteral("Hello, we met at the hide last Sunday. May I add you?"), false);
    store.chats.setDraft(longName, QStringLiteral("About that word"));
    for (const QString &peer : {mira, jonas, nour, dana, longName, refusing}) {
        store.chats.setKnown(peer);
    }
}

session::SampleSession::Cast cast()
{
    const auto contact = [](const QString &address, const QString &name, const char *subscription) {
        return session::RosterItem{
            .address = address, .name = name, .subscription = QString::fromLatin1(subscription), .asked = false};
    };
    const auto there = [](const QString &address, const char *show, const QString &status) {
        return session::Presence{.address = address,
                                 .resource = QStringLiteral("desk"),
                                 .available = true,
                                 .show = QString::fromLatin1(show),
                                 .status = status};
    };
    session::SampleSession::Cast cast;
    cast.contacts = {
        contact(mira, QStringLiteral("Mira Okonkwo"), "both"),
        contact(jonas, QStringLiteral("Jonas Lindqvist"), "both"),
        contact(nour, QStringLiteral("نور الهدى"), "both"),
        contact(dana, QStringLiteral("דנה לוי"), "both"),
        contact(longName,
                QStringLiteral("Dr. Konstantina-Alexandra Papadopoulou-Weissenberger of the Upper Harbour Office"),
                "to"),
        contact(refusing, QStringLiteral("Lars"), "none"),
        contact(quiet, QStringLiteral("由紀"), "from"),
    };
    cast.contacts[5].asked = true;
    cast.presences = {there(mira, "", {}), there(jonas, "", QStringLiteral("Waiting for a parcel")),
                      there(dana, "away", {}), there(quiet, "dnd", {})};
    cast.typing = jonas;
    cast.refusing = refusing;
    cast.asking = stranger;
    return cast;
}

} // namespace

std::unique_ptr<Account> Account::sample()
{
    AccountSettings settings;
    settings.address = QStringLiteral("you@example.org");
    std::unique_ptr<Account> account(new Account(std::move(settings)));
    // A database in memory cannot fail to open unless SQLite itself is broken.
    GW_ASSERT(account->build(QStringLiteral(":memory:"), std::make_unique<session::SampleSession>(cast())).ok());
    const Time now = account->m_rooms->clock.wall().time_since_epoch().count();
    GW_ASSERT(account->cache()
                  .wait<Ok>([now](Store &store) -> Result<Ok> {
                      writeMira(store, now);
                      writeOthers(store, now);
                      return Ok();
                  })
                  .ok());
    account->goOnline(QStringLiteral("sample"));
    return account;
}

} // namespace godwit::account
