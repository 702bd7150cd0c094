// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "account/AccountBook.h"

#include "account/KeptToken.h"
#include "base/Log.h"
#include "contacts/Contacts.h"
#include "outbox/Outbox.h"
#include "platform/PasswordStore.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace godwit::account
{

using platform::PasswordStore;

namespace
{

const QString listName = QStringLiteral("/accounts.json");

QString fileNotice()
{
    return AccountBook::tr("No keyring is running: the password is kept in a file that only you can read.");
}

} // namespace

AccountBook::AccountBook() = default;

AccountBook::AccountBook(QString dataFolder, QObject *parent)
    : QAbstractListModel(parent)
    , m_dataFolder(std::move(dataFolder))
{
    QDir().mkpath(m_dataFolder);
    m_passwords = std::make_unique<PasswordStore>(m_dataFolder);
}

AccountBook::~AccountBook() = default;

std::unique_ptr<AccountBook> AccountBook::sample()
{
    std::unique_ptr<AccountBook> book(new AccountBook);
    auto account = Account::sample();
    Account *shown = account.get();
    book->keep({.address = shown->address(), .dataFolder = {}, .server = {}, .webSocket = {}}, std::move(account));
    book->makeCurrent(shown);
    return book;
}

QString AccountBook::defaultDataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/godwit");
}

void AccountBook::allowPlaintextOnLoopback()
{
    m_plaintext = Plaintext::LoopbackOnly;
}

void AccountBook::load()
{
    QFile file(m_dataFolder + listName);
    if (!file.open(QFile::ReadOnly)) {
        return;
    }
    const QJsonArray list = QJsonDocument::fromJson(file.readAll()).array();
    for (const auto &value : list) {
        const QJsonObject object = value.toObject();
        const QString address = object.value(QLatin1StringView("address")).toString();
        AccountSettings settings{.address = address,
                                 .dataFolder = accountFolder(m_dataFolder, address),
                                 .server = object.value(QLatin1StringView("server")).toString(),
                                 .plaintext = m_plaintext,
                                 .wire = bridge::wireOfWord(object.value(QLatin1StringView("wire")).toString())
                                             .value_or(bridge::Wire::Automatic),
                                 .webSocket = QUrl(object.value(QLatin1StringView("webSocket")).toString())};
        auto opened = Account::open(settings);
        if (!opened) {
            base::log(base::LogLevel::Error, "account", "cannot be opened", {{"why", opened.error().text()}});
            m_accounts.push_back({.settings = std::move(settings), .account = nullptr});
            Q_EMIT openFailed(address, openingFailed(opened.error()));
            continue;
        }
        Account *account = opened->get();
        keep(std::move(settings), std::move(*opened));
        m_passwords->read(address, [this, address](const std::optional<QString> &password, PasswordStore::Kept kept) {
            onPasswordRead(address, password, kept == PasswordStore::Kept::InFile);
        });
        if (!m_current) {
            makeCurrent(account);
        }
    }
}

void AccountBook::onPasswordRead(const QString &address, const std::optional<QString> &password, bool inFile)
{
    const Entry *entry = find(address);
    if (!entry || !entry->account) {
        return;
    }
    if (inFile) {
        entry->account->setNotice(fileNotice());
    }
    if (entry->passwordGiven) {
        return;
    }
    if (password) {
        goOnlineWith(address, *password);
    } else {
        entry->account->passwordMissing();
    }
}

/// By the token that is kept, and the password behind it.
void AccountBook::goOnlineWith(const QString &address, const QString &password)
{
    readToken(address, *m_passwords, [this, address, password](const QString &token) {
        if (const Entry *entry = find(address); entry && entry->account) {
            entry->account->goOnline(password, token);
        }
    });
}

QString AccountBook::openingFailed(const base::Error &error)
{
    switch (error.code()) {
    case base::ErrorCode::TooNew:
        return tr("The data of this account was written by a newer version of Godwit. Nothing was changed.");
    case base::ErrorCode::Unavailable:
        return tr("This account is open in another Godwit on this device.");
    case base::ErrorCode::ResourceFull:
        return tr("The disk is full. Make room and start Godwit again.");
    default:
        return tr("The data of this account cannot be read: %1").arg(QString::fromStdString(error.text()));
    }
}

int AccountBook::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QHash<int, QByteArray> AccountBook::roleNames() const
{
    return {{AddressRole, "address"}, {AccountRole, "account"}, {UnreadRole, "unread"}};
}

QVariant AccountBook::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() < 0 || index.row() >= count()) {
        return {};
    }
    const Entry &entry = m_accounts[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case AddressRole:
        return entry.settings.address;
    case AccountRole:
        return QVariant::fromValue(entry.account.get());
    case UnreadRole:
        return entry.account ? entry.account->unread() : 0;
    default:
        return {};
    }
}

AccountBook::Entry *AccountBook::find(const QString &address)
{
    const auto found =
        std::ranges::find_if(m_accounts, [&](const Entry &entry) { return entry.settings.address == address; });
    return found == m_accounts.end() ? nullptr : &*found;
}

void AccountBook::keep(AccountSettings settings, std::unique_ptr<Account> account)
{
    Account *kept = account.get();
    if (m_passwords) {
        keepToken(*kept, *m_passwords);
    }
    connect(kept, &Account::unreadChanged, this, [this, kept] {
        for (int row = 0; row < count(); ++row) {
            if (m_accounts[static_cast<std::size_t>(row)].account.get() == kept) {
                Q_EMIT dataChanged(index(row), index(row), {UnreadRole});
            }
        }
    });
    beginInsertRows({}, count(), count());
    m_accounts.push_back({.settings = std::move(settings), .account = std::move(account)});
    endInsertRows();
    Q_EMIT countChanged();
}

void AccountBook::save() const
{
    QJsonArray list;
    for (const Entry &entry : m_accounts) {
        list.append(QJsonObject{{QStringLiteral("address"), entry.settings.address},
                                {QStringLiteral("server"), entry.settings.server},
                                {QStringLiteral("wire"), bridge::wireWord(entry.settings.wire)},
                                {QStringLiteral("webSocket"), entry.settings.webSocket.toString()}});
    }
    QSaveFile file(m_dataFolder + listName);
    if (file.open(QFile::WriteOnly)) {
        file.write(QJsonDocument(list).toJson());
    }
    if (!file.commit()) {
        base::log(base::LogLevel::Error, "account", "the list of accounts cannot be written");
    }
}

void AccountBook::makeCurrent(Account *account)
{
    if (m_current != account) {
        m_current = account;
        Q_EMIT currentChanged();
    }
}

void AccountBook::select(const QString &address)
{
    if (const Entry *entry = find(address); entry && entry->account) {
        makeCurrent(entry->account.get());
    }
}

void AccountBook::signIn(const QString &address, const QString &password, const QString &server)
{
    signInBy({.server = server.trimmed(), .webSocket = {}}, address, password);
}

void AccountBook::signInBy(const Route &route, const QString &address, const QString &password)
{
    const QString prepared = contacts::addressOf(address);
    if (prepared.isEmpty()) {
        Q_EMIT signInFailed(tr("This is not an address. An address looks like name@example.org."));
        return;
    }
    if (find(prepared)) {
        Q_EMIT signInFailed(tr("This account is on this device already."));
        return;
    }
    cancelSignIn();
    m_signingInSettings = {.address = prepared,
                           .dataFolder = accountFolder(m_dataFolder, prepared),
                           .server = route.server,
                           .plaintext = m_plaintext,
                           .wire = route.wire,
                           .webSocket = route.webSocket};
    m_signingInIsNew = !QDir(m_signingInSettings.dataFolder).exists();
    auto opened = Account::open(m_signingInSettings);
    if (!opened) {
        Q_EMIT signInFailed(openingFailed(opened.error()));
        return;
    }
    m_signingIn = std::move(*opened);
    Q_EMIT signingInChanged();
    // Queued, since both end the life of who calls.
    connect(
        m_signingIn.get(), &Account::signedIn, this, [this, password] { finishSignIn(password); },
        Qt::QueuedConnection);
    connect(
        m_signingIn.get(), &Account::signInRefused, this, [this](const QString &reason) { failSignIn(reason); },
        Qt::QueuedConnection);
    connect(
        m_signingIn.get(), &Account::connectionChanged, this,
        [this] {
            // A person who waits in front of the page is told at the first failure.
            if (m_signingIn && m_signingIn->connection() == Account::Connection::Waiting) {
                failSignIn(m_signingIn->trouble());
            }
        },
        Qt::QueuedConnection);
    m_signingIn->goOnline(password);
}

void AccountBook::failSignIn(const QString &reason)
{
    if (m_signingIn) {
        cancelSignIn();
        // A server without TLS is left without a word from QXmpp.
        Q_EMIT signInFailed(reason.isEmpty() ? tr("The server ended the connection. Perhaps it offers no encryption.")
                                             : reason);
    }
}

void AccountBook::finishSignIn(const QString &password)
{
    if (!m_signingIn) {
        return;
    }
    Account *account = m_signingIn.get();
    account->disconnect(this);
    const QString address = account->address();
    keep(m_signingInSettings, std::move(m_signingIn));
    save();
    m_passwords->write(address, password, [this, address](PasswordStore::Kept kept) {
        if (Entry *entry = find(address); entry && entry->account) {
            if (kept == PasswordStore::Kept::InFile) {
                entry->account->setNotice(fileNotice());
            } else if (kept == PasswordStore::Kept::Nowhere) {
                entry->account->setNotice(tr("The password could not be stored. You will be asked for it again."));
            }
        }
    });
    Q_EMIT signingInChanged();
    makeCurrent(account);
    Q_EMIT signedIn(address);
}

void AccountBook::cancelSignIn()
{
    if (!m_signingIn) {
        return;
    }
    m_signingIn.reset();
    // A folder that holds nothing but a try is not kept; one that was there before is somebody's messages.
    if (m_signingInIsNew) {
        QDir(m_signingInSettings.dataFolder).removeRecursively();
    }
    Q_EMIT signingInChanged();
}

void AccountBook::changePassword(const QString &address, const QString &password)
{
    Entry *entry = find(address);
    if (!entry || !entry->account) {
        return;
    }
    entry->passwordGiven = true;
    m_passwords->read(address, [this, address, password](const std::optional<QString> &known, PasswordStore::Kept) {
        if (known == password) {
            goOnlineWith(address, password);
            return;
        }
        // It is to be tried, so no token may stand in for it.
        forgetToken(address, *m_passwords);
        m_passwords->write(address, password, [](PasswordStore::Kept) {});
        if (const Entry *found = find(address); found && found->account) {
            found->account->goOnline(password);
        }
    });
}

void AccountBook::remove(const QString &address)
{
    const auto found =
        std::ranges::find_if(m_accounts, [&](const Entry &entry) { return entry.settings.address == address; });
    if (found == m_accounts.end() || !m_passwords) {
        return;
    }
    const int row = static_cast<int>(found - m_accounts.begin());
    const QString folder = found->settings.dataFolder;
    std::unique_ptr<Account> account = std::move(found->account);
    if (account && m_current == account.get()) {
        const auto other =
            std::ranges::find_if(m_accounts, [](const Entry &entry) { return entry.account != nullptr; });
        makeCurrent(other == m_accounts.end() ? nullptr : other->account.get());
    }
    beginRemoveRows({}, row, row);
    m_accounts.erase(found);
    endRemoveRows();
    Q_EMIT countChanged();
    save();
    if (account) {
        account->goOffline();
        account.reset();
    }
    m_passwords->remove(address);
    forgetToken(address, *m_passwords);
    QDir(folder).removeRecursively();
}

bool AccountBook::contains(const QString &address) const
{
    return std::ranges::any_of(m_accounts, [&](const Entry &entry) { return entry.settings.address == address; });
}

void AccountBook::goOffline()
{
    cancelSignIn();
    for (const Entry &entry : m_accounts) {
        if (entry.account) {
            entry.account->goOffline();
        }
    }
}

int AccountBook::unsent(const QString &address) const
{
    const auto found =
        std::ranges::find_if(m_accounts, [&](const Entry &entry) { return entry.settings.address == address; });
    return found == m_accounts.end() || !found->account ? 0 : static_cast<int>(found->account->outbox().waiting());
}

} // namespace godwit::account
