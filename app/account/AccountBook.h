// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The accounts on this device: which there are, where their data lies, how they sign in.
#pragma once

#include "account/Account.h"

#include <QAbstractListModel>

#include <memory>
#include <vector>

namespace godwit::platform
{
class PasswordStore;
}

namespace godwit::account
{

/// Rows are accounts in the order in which they were added. Lives in the main thread.
class AccountBook : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// The account that is shown; null when there is none, then the sign-in page is shown.
    Q_PROPERTY(godwit::account::Account *current READ current NOTIFY currentChanged)
    /// A sign-in that was started by signIn() is under way.
    Q_PROPERTY(bool signingIn READ signingIn NOTIFY signingInChanged)

public:
    enum Role {
        AddressRole = Qt::UserRole + 1, ///< "address": string
        AccountRole,                    ///< "account": Account
        UnreadRole,                     ///< "unread": int
    };
    Q_ENUM(Role)

    /// `dataFolder` holds the list of accounts and a folder for each; made when it does not exist.
    explicit AccountBook(QString dataFolder, QObject *parent = nullptr);
    /// A book with the sample account in it, for `godwit --offline`. Nothing is stored.
    static std::unique_ptr<AccountBook> sample();
    ~AccountBook() override;

    /// The usual place: $XDG_DATA_HOME/godwit.
    static QString defaultDataFolder();

    /// Reads the list, opens the accounts, fetches their passwords and goes online.
    void load();

    int count() const { return static_cast<int>(m_accounts.size()); }
    Account *current() const { return m_current; }
    bool signingIn() const { return m_signingIn != nullptr; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Signs in to a new account and, when the server accepts it, keeps it and makes it current. `server` is
    /// "host:port" or empty. Answers with signedIn or signInFailed.
    Q_INVOKABLE void signIn(const QString &address, const QString &password, const QString &server = {});
    /// The same by a way that was chosen.
    struct Route {
        QString server;
        bridge::Wire wire = bridge::Wire::Automatic;
        QUrl webSocket;
    };
    void signInBy(const Route &route, const QString &address, const QString &password);
    /// Gives up the sign-in that is under way.
    Q_INVOKABLE void cancelSignIn();
    /// A new password for an account whose connection is Refused.
    Q_INVOKABLE void changePassword(const QString &address, const QString &password);
    /// Takes the account with its data and password off this device. What is not sent yet is lost: ask first.
    Q_INVOKABLE void remove(const QString &address);
    Q_INVOKABLE void select(const QString &address);
    /// Whether the account is on this device.
    bool contains(const QString &address) const;
    /// Ends every connection properly; for the end of the program.
    void goOffline();
    /// Messages of that account that the server has not accepted yet.
    Q_INVOKABLE int unsent(const QString &address) const;

    /// Lets signIn() and load() talk to a server on this machine without TLS; for tests.
    void allowPlaintextOnLoopback();

Q_SIGNALS:
    void countChanged();
    void currentChanged();
    void signingInChanged();
    void signedIn(const QString &address);
    void signInFailed(const QString &reason);
    /// An account that could not be opened, in words for people; it stays in the list of the next start.
    void openFailed(const QString &address, const QString &reason);

private:
    struct Entry {
        AccountSettings settings;
        std::unique_ptr<Account> account;
        bool passwordGiven = false; ///< by a person since the start: it counts more than the one that was kept
    };
    AccountBook();
    void keep(AccountSettings settings, std::unique_ptr<Account> account);
    void save() const;
    void makeCurrent(Account *account);
    Entry *find(const QString &address);
    void goOnlineWith(const QString &address, const QString &password);
    void onPasswordRead(const QString &address, const std::optional<QString> &password, bool inFile);
    void finishSignIn(const QString &password);
    void failSignIn(const QString &reason);
    static QString openingFailed(const base::Error &error);

    QString m_dataFolder;
    std::unique_ptr<platform::PasswordStore> m_passwords;
    std::vector<Entry> m_accounts;
    Account *m_current = nullptr;
    std::unique_ptr<Account> m_signingIn;
    AccountSettings m_signingInSettings;
    bool m_signingInIsNew = false;
    Plaintext m_plaintext = Plaintext::Never;
};

} // namespace godwit::account
