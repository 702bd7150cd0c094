// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "account/Account.h"

#include "account/AccountRooms.h"
#include "session/Stanzas.h"

#include <QDir>
#include <QFile>
#include <QUrl>

namespace godwit::account
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;
using cache::Message;
using cache::OutboxKind;
using cache::Store;
using session::Session;

namespace
{

/// The name of this device towards the server, made at the first start and kept.
QUuid deviceOf(cache::Cache &cache)
{
    const auto device = cache.wait<QString>([](Store &store) -> Result<QString> {
        QString known = store.settings.value(QStringLiteral("device"));
        if (known.isEmpty()) {
            known = QUuid::createUuid().toString(QUuid::WithoutBraces);
            store.settings.set(QStringLiteral("device"), known);
        }
        return known;
    });
    return device ? QUuid::fromString(*device) : QUuid::createUuid();
}

const QString lowBandwidthKey = QStringLiteral("lowBandwidth");
const QString webSocketKey = QStringLiteral("webSocket");

QString setting(cache::Cache &cache, const QString &key)
{
    const auto value =
        cache.wait<QString>([key](Store &store) -> Result<QString> { return store.settings.value(key); });
    return value ? *value : QString();
}

} // namespace

QString accountFolder(const QString &dataFolder, const QString &address)
{
    const QByteArray safe = QUrl::toPercentEncoding(address, "@");
    return dataFolder + QStringLiteral("/accounts/") + QString::fromLatin1(safe);
}

Account::Account(AccountSettings settings)
    : m_settings(std::move(settings))
{
}

Account::~Account()
{
    // Before the rooms that they use; those that were closed a moment ago too.
    qDeleteAll(findChildren<Conversation *>(Qt::FindDirectChildrenOnly));
}

Result<std::unique_ptr<Account>> Account::open(const AccountSettings &settings)
{
    QDir folder;
    if (!folder.mkpath(settings.dataFolder)) {
        return Error(ErrorCode::Io, "cannot make the folder " + settings.dataFolder.toStdString());
    }
    // Messages are nobody else's business.
    QFile::setPermissions(settings.dataFolder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    std::unique_ptr<Account> account(new Account(settings));
    auto built =
        account->build(settings.dataFolder + QStringLiteral("/cache.db"), std::make_unique<session::XmppSession>());
    if (!built) {
        return built.error();
    }
    return account;
}

Result<Ok> Account::build(const QString &cachePath, std::unique_ptr<Session> session)
{
    auto cache = cache::Cache::open(cachePath);
    if (!cache) {
        return cache.error();
    }
    m_rooms = std::make_unique<Rooms>();
    Rooms &rooms = *m_rooms;
    rooms.cache = std::move(*cache);
    rooms.session = std::move(session);
    rooms.device = deviceOf(*rooms.cache);
    m_lowBandwidth = setting(*rooms.cache, lowBandwidthKey) == u"true";
    // The order matters: on a new stream the history asks the archive before the outbox writes.
    rooms.contacts = std::make_unique<contacts::Contacts>(*rooms.cache, *rooms.session);
    rooms.history = std::make_unique<history::History>(*rooms.cache, *rooms.session, rooms.clock);
    rooms.outbox = std::make_unique<outbox::Outbox>(*rooms.cache, *rooms.session, rooms.clock);
    if (auto loaded = rooms.contacts->load(); !loaded) {
        return loaded;
    }
    if (auto loaded = rooms.outbox->load(); !loaded) {
        return loaded;
    }
    rooms.chats = std::make_unique<models::ChatListModel>(*rooms.cache, *rooms.contacts);
    rooms.contactList = std::make_unique<models::ContactListModel>(*rooms.contacts);
    connectRooms();
    chooseThrift();
    return Ok();
}

void Account::connectRooms()
{
    Rooms &rooms = *m_rooms;
    rooms.session->setReadyToAck([this] {
        const bool safe = m_rooms->history->commitReceived();
        if (!safe) {
            setNotice(tr("Messages cannot be stored on this device. Is the disk full?"));
        }
        return safe;
    });
    connect(rooms.session.get(), &Session::stateChanged, this, &Account::connectionChanged);
    connect(&rooms.network, &platform::NetworkCost::changed, this, &Account::chooseThrift);
    connect(rooms.session.get(), &Session::webSocketFound, this, [this](const QUrl &address) {
        m_rooms->cache->run([text = address.toString()](Store &store) { store.settings.set(webSocketKey, text); });
    });
    connect(rooms.session.get(), &Session::refused, this, &Account::signInRefused);
    connect(rooms.session.get(), &Session::tokenChanged, this, [this](const QString &token) {
        m_rooms->token = token;
        Q_EMIT tokenChanged(token);
    });
    connect(rooms.session.get(), &Session::opened, this, [this] {
        if (!std::exchange(m_signedIn, true)) {
            Q_EMIT signedIn();
        }
    });
    history::History *history = rooms.history.get();
    connect(history, &history::History::syncingChanged, this, &Account::syncingChanged);
    connect(history, &history::History::chatStateReceived, this,
            [this](const QString &peer, session::Incoming::ChatState state) {
                m_rooms->contacts->setTyping(peer, state == session::Incoming::ChatState::Composing);
            });
    connect(history, &history::History::receiptsQueued, rooms.outbox.get(), &outbox::Outbox::adopt);
    connect(history, &history::History::settled, rooms.outbox.get(), &outbox::Outbox::settle);
    connect(history, &history::History::messageAdded, this, [this](const Message &message) {
        Q_EMIT messageArrived(message.peer, m_rooms->contacts->name(message.peer), message.body);
    });
    contacts::Contacts *contacts = rooms.contacts.get();
    connect(contacts, &contacts::Contacts::subscriptionQueued, rooms.outbox.get(),
            [this](const QString &address, const QString &id, const QByteArray &stanza) {
                m_rooms->outbox->post(OutboxKind::Presence, address, id, stanza);
            });
    connect(contacts, &contacts::Contacts::done, this, &Account::contactDone);
    connect(contacts, &contacts::Contacts::failed, this, &Account::contactFailed);
    connect(rooms.chats.get(), &models::ChatListModel::unreadChanged, this, &Account::unreadChanged);
}

QString Account::address() const
{
    return m_settings.address;
}

Account::Connection Account::connection() const
{
    switch (m_rooms->session->state()) {
    case Session::State::Offline:
        return m_passwordMissing ? Connection::Refused : Connection::Offline;
    case Session::State::Connecting:
        return Connection::Connecting;
    case Session::State::Online:
        return Connection::Online;
    case Session::State::Waiting:
        return Connection::Waiting;
    case Session::State::Refused:
        return Connection::Refused;
    }
    return Connection::Offline;
}

QString Account::connectionNotice() const
{
    QString why = trouble();
    switch (connection()) {
    case Connection::Online:
        return {};
    case Connection::Connecting:
        return tr("Connecting. Messages you write will be sent then.");
    case Connection::Waiting:
        return (why.isEmpty() ? tr("No connection.") : why) + u' ' +
               tr("Messages you write will be sent when it returns.");
    case Connection::Refused:
        return why;
    case Connection::Offline:
        return tr("You are offline. Messages you write will be sent when you connect again.");
    }
    return {};
}

QString Account::trouble() const
{
    return m_passwordMissing ? tr("The password of this account is not on this device. Enter it again.")
                             : m_rooms->session->trouble();
}

void Account::passwordMissing()
{
    m_passwordMissing = true;
    Q_EMIT connectionChanged();
}

QDateTime Account::retryAt() const
{
    return m_rooms->session->retryAt();
}

QString Account::wire() const
{
    return m_rooms->session->wire();
}

double Account::bytesSent() const
{
    return static_cast<double>(m_rooms->session->traffic().sent);
}

double Account::bytesReceived() const
{
    return static_cast<double>(m_rooms->session->traffic().received);
}

double Account::bytesSaved() const
{
    return static_cast<double>(m_rooms->session->traffic().saved());
}

void Account::countTraffic()
{
    Q_EMIT trafficChanged();
}

void Account::setLowBandwidth(bool wanted)
{
    if (std::exchange(m_lowBandwidth, wanted) == wanted) {
        return;
    }
    m_rooms->cache->run([wanted](Store &store) {
        store.settings.set(lowBandwidthKey, wanted ? QStringLiteral("true") : QStringLiteral("false"));
    });
    Q_EMIT lowBandwidthChanged();
    chooseThrift();
}

void Account::chooseThrift()
{
    m_rooms->session->setThrifty(m_lowBandwidth || m_rooms->network.isCostly());
}

QString Account::notice() const
{
    return m_notice;
}

void Account::setNotice(const QString &notice)
{
    if (m_notice != notice) {
        m_notice = notice;
        Q_EMIT noticeChanged();
    }
}

bool Account::syncing() const
{
    return m_rooms->history->syncing();
}

int Account::unread() const
{
    return m_rooms->chats->unread();
}

models::ChatListModel *Account::chats() const
{
    return m_rooms->chats.get();
}

models::ContactListModel *Account::contactList() const
{
    return m_rooms->contactList.get();
}

Conversation *Account::conversation(const QString &address)
{
    const QString prepared = contacts::addressOf(address);
    if (prepared.isEmpty()) {
        return nullptr;
    }
    Conversation *&open = m_rooms->conversations[prepared];
    if (!open) {
        open = new Conversation(*this, prepared);
    }
    return open;
}

void Account::closeConversation(const QString &address)
{
    const auto found = m_rooms->conversations.find(address);
    if (found != m_rooms->conversations.end()) {
        // The interface may be inside of a call on it.
        (*found)->deleteLater();
        m_rooms->conversations.erase(found);
    }
}

bool Account::isAddress(const QString &text) const
{
    return !contacts::addressOf(text).isEmpty();
}

void Account::removeChat(const QString &address)
{
    closeConversation(address);
    m_rooms->cache->run([address](Store &store) { store.chats.remove(address); });
}

void Account::addContact(const QString &address, const QString &name)
{
    const QString prepared = contacts::addressOf(address);
    if (prepared.isEmpty()) {
        Q_EMIT contactFailed(address, tr("This is not an address. An address looks like name@example.org."));
    } else if (prepared == m_settings.address) {
        Q_EMIT contactFailed(address, tr("This is your own address."));
    } else {
        m_rooms->contacts->add(prepared, name.trimmed());
    }
}

void Account::renameContact(const QString &address, const QString &name)
{
    m_rooms->contacts->rename(address, name.trimmed());
}

void Account::removeContact(const QString &address)
{
    m_rooms->contacts->remove(address);
}

void Account::acceptRequest(const QString &address)
{
    m_rooms->contacts->accept(address);
}

void Account::denyRequest(const QString &address)
{
    m_rooms->contacts->deny(address);
}

void Account::goOnline(const QString &password, const QString &token)
{
    m_signedIn = false;
    m_passwordMissing = false;
    m_rooms->password = password;
    m_rooms->token = token;
    m_rooms->session->open({
        .address = m_settings.address,
        .password = password,
        .token = token,
        .resource = QStringLiteral("Godwit-") + m_rooms->device.toString(QUuid::WithoutBraces).first(8),
        .device = m_rooms->device,
        .server = m_settings.server,
        .wire = m_settings.wire,
        .webSocket = m_settings.webSocket,
        .webSocketHint = QUrl(setting(*m_rooms->cache, webSocketKey)),
        .plaintextOnLoopback = m_settings.plaintext == Plaintext::LoopbackOnly,
    });
}

QString Account::token() const
{
    return m_rooms->token;
}

void Account::reconnect()
{
    if (connection() == Connection::Offline && !m_rooms->password.isEmpty()) {
        goOnline(m_rooms->password, m_rooms->token);
    } else {
        m_rooms->session->retryNow();
    }
}

void Account::goOffline()
{
    m_rooms->session->close();
}

void Account::setActive(bool active)
{
    m_rooms->session->setActive(active);
}

void Account::makeKnown(const QString &address)
{
    m_rooms->cache->run([address](Store &store) { store.chats.setKnown(address); });
}

void Account::markRead(const QString &address)
{
    m_rooms->cache->run<QString>(
        this,
        [address](Store &store) -> Result<QString> {
            const auto marked = store.messages.markSeen(address, store.messages.newestPlace(address));
            const auto chat = store.chats.find(address);
            const auto contact = store.contacts.find(address);
            const bool mayKnow = (chat && chat->known) ||
                                 (contact && (contact->subscription == u"from" || contact->subscription == u"both"));
            return marked && mayKnow ? marked->stanzaId : QString();
        },
        [this, address](const Result<QString> &marked) {
            if (marked && !marked->isEmpty()) {
                const QString id = outbox::newId();
                m_rooms->outbox->post(OutboxKind::Marker, address, id,
                                      session::displayedMarker({.to = address, .id = id, .answers = *marked}));
            }
        });
}

cache::Cache &Account::cache() const
{
    return *m_rooms->cache;
}

outbox::Outbox &Account::outbox() const
{
    return *m_rooms->outbox;
}

history::History &Account::history() const
{
    return *m_rooms->history;
}

contacts::Contacts &Account::contacts() const
{
    return *m_rooms->contacts;
}

Session &Account::session() const
{
    return *m_rooms->session;
}

} // namespace godwit::account
