// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "account/Conversation.h"

#include "account/Account.h"
#include "cache/Cache.h"
#include "contacts/Contacts.h"
#include "history/History.h"
#include "outbox/Outbox.h"
#include "session/Session.h"
#include "session/Stanzas.h"

#include <QDateTime>

using namespace std::chrono_literals;

namespace godwit::account
{

using base::ErrorCode;
using base::Result;
using cache::Change;
using cache::Chat;
using cache::Message;
using cache::Store;

namespace
{

/// Nothing typed for that long: the person paused.
constexpr auto composingPause = 5s;
/// A draft is written when the person stops typing for that long.
constexpr auto draftPause = 500ms;

} // namespace

Conversation::Conversation(Account &account, QString address)
    : QObject(&account) // what has a parent is never collected by a QML engine
    , m_account(account)
    , m_address(std::move(address))
    , m_messages(std::make_unique<models::MessageListModel>(account.cache(), m_address))
{
    m_composingPause.setSingleShot(true);
    m_composingPause.setInterval(composingPause);
    connect(&m_composingPause, &QTimer::timeout, this, &Conversation::stopComposing);
    m_draftSave.setSingleShot(true);
    m_draftSave.setInterval(draftPause);
    connect(&m_draftSave, &QTimer::timeout, this, &Conversation::saveDraft);

    connect(&account.cache(), &cache::Cache::changed, this, &Conversation::onChange);
    connect(&account.contacts(), &contacts::Contacts::listChanged, this, &Conversation::nameChanged);
    connect(&account.contacts(), &contacts::Contacts::changed, this, [this](const QString &changed) {
        if (changed == m_address) {
            Q_EMIT presenceChanged();
            Q_EMIT typingChanged();
        }
    });
    connect(m_messages.get(), &models::MessageListModel::oldestReached, this, &Conversation::loadOlder);
    connect(&account.history(), &history::History::olderChanged, this, [this](const QString &peer) {
        if (peer == m_address) {
            onArchive();
        }
    });
    connect(&account.history(), &history::History::syncingChanged, this, &Conversation::onArchive);
    onArchive();
    account.cache().run<Chat>(
        this,
        [peer = m_address](Store &store) -> Result<Chat> {
            Chat none;
            none.peer = peer;
            return store.chats.find(peer).value_or(none);
        },
        [this](const Result<Chat> &chat) {
            m_loaded = true;
            if (chat) {
                if (m_draft.isEmpty() && !chat->draft.isEmpty()) {
                    m_draft = chat->draft;
                    Q_EMIT draftChanged();
                }
                take(*chat);
            }
            Q_EMIT nameChanged(); // now it is known whether this is a stranger
        });
}

Conversation::~Conversation()
{
    if (m_draftSave.isActive()) {
        saveDraft();
    }
}

QString Conversation::name() const
{
    return m_account.contacts().name(m_address);
}

bool Conversation::available() const
{
    return m_account.contacts().available(m_address);
}

QString Conversation::presenceText() const
{
    return m_account.contacts().presenceText(m_address);
}

bool Conversation::typing() const
{
    return m_account.contacts().typing(m_address);
}

bool Conversation::loadingOlder() const
{
    return m_account.history().fetchingOlder(m_address);
}

bool Conversation::atBeginning() const
{
    return m_account.history().atBeginning(m_address);
}

bool Conversation::stranger() const
{
    return m_loaded && !m_known && !m_account.contacts().contains(m_address);
}

bool Conversation::contact() const
{
    return m_account.contacts().contains(m_address);
}

void Conversation::onChange(const Change &change)
{
    if (change.kind == Change::Kind::ChatChanged && change.chat.peer == m_address) {
        take(change.chat);
    }
}

void Conversation::take(const Chat &chat)
{
    if (std::exchange(m_known, chat.known) != chat.known) {
        Q_EMIT nameChanged();
    }
    if (std::exchange(m_unread, chat.unread) != chat.unread) {
        Q_EMIT unreadChanged();
    }
}

void Conversation::onArchive()
{
    m_messages->setFilling(m_account.history().syncing());
    m_messages->setArchiveMore(!atBeginning());
    Q_EMIT historyChanged();
}

void Conversation::setDraft(const QString &text)
{
    if (m_draft != text) {
        m_draft = text;
        m_draftSave.start();
        Q_EMIT draftChanged();
    }
}

void Conversation::saveDraft()
{
    m_draftSave.stop();
    m_account.cache().run([peer = m_address, draft = m_draft](Store &store) {
        if (!draft.isEmpty() || store.chats.find(peer)) {
            store.chats.setDraft(peer, draft);
        }
    });
}

qint64 Conversation::send(const QString &text)
{
    const auto key = m_account.outbox().send(m_address, text);
    if (!key) {
        switch (key.error().code()) {
        case ErrorCode::InvalidInput:
            break; // nothing to send is nothing to complain about
        case ErrorCode::LimitExceeded:
            Q_EMIT sendFailed(tr("The message is too long. Send it in parts."));
            break;
        default:
            Q_EMIT sendFailed(tr("The message could not be stored on this device. Is the disk full?"));
            break;
        }
        return 0;
    }
    m_composingPause.stop();
    m_composing = false;
    setDraft({});
    saveDraft();
    return *key;
}

void Conversation::retry(qint64 key)
{
    m_account.outbox().retry(key);
}

void Conversation::discard(qint64 key)
{
    m_account.outbox().discard(key);
}

void Conversation::markRead()
{
    if (m_unread > 0) {
        m_account.markRead(m_address);
    }
}

void Conversation::composing()
{
    if (stranger()) {
        return;
    }
    m_composingPause.start();
    if (!std::exchange(m_composing, true)) {
        m_account.session().writeTransient(session::chatState(m_address, session::Typing::Composing));
    }
}

void Conversation::stopComposing()
{
    m_composingPause.stop();
    if (std::exchange(m_composing, false)) {
        m_account.session().writeTransient(session::chatState(m_address, session::Typing::Paused));
    }
}

void Conversation::loadOlder()
{
    m_account.history().fetchOlder(m_address);
}

void Conversation::setVisible(bool visible)
{
    if (std::exchange(m_visible, visible) == visible) {
        return;
    }
    if (visible) {
        m_messages->placeUnreadLine();
    } else {
        stopComposing();
    }
}

void Conversation::requestTimeline(qint64 key)
{
    m_account.cache().run<Message>(
        this,
        [key](Store &store) -> Result<Message> {
            if (auto message = store.messages.find(key)) {
                return *std::move(message);
            }
            return base::Error(ErrorCode::NotFound, "no such message");
        },
        [this, key](const Result<Message> &message) {
            QVariantList steps;
            const auto add = [&steps](const QString &what, cache::Time time, const QString &detail = {}) {
                if (time) {
                    steps.append(QVariantMap{{QStringLiteral("what"), what},
                                             {QStringLiteral("time"), QDateTime::fromMSecsSinceEpoch(time / 1000)},
                                             {QStringLiteral("detail"), detail}});
                }
            };
            if (message) {
                const cache::Timeline &timeline = message->timeline;
                if (!message->own) {
                    add(tr("Received"), message->time);
                }
                add(tr("Written"), timeline.queued);
                add(tr("Sent"), timeline.sent);
                add(tr("Stored by the server"), timeline.accepted);
                add(tr("Delivered"), timeline.delivered);
                add(tr("Read"), timeline.read);
                add(tr("Failed"), timeline.failed, message->reason);
            }
            Q_EMIT timelineReady(key, steps);
        });
}

} // namespace godwit::account
