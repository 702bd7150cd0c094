// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Where passwords and tokens are kept: the keyring of the system, and where none runs, a file that only the owner may
// read.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <optional>

namespace godwit::platform
{

/// Lives in the main thread. Each question is answered exactly once, later, unless the store is gone by then.
class PasswordStore : public QObject
{
    Q_OBJECT

public:
    enum class Kept {
        InKeyring,
        InFile, ///< readable for whoever can read the owner's files: the person should know
        Nowhere,
    };
    enum class Keyring { IfItRuns, Never };

    /// `folder` gets the fallback file "passwords.json".
    explicit PasswordStore(QString folder, Keyring keyring = Keyring::IfItRuns, QObject *parent = nullptr);
    ~PasswordStore() override;

    // `address` says whose password it is, or names something else that is as secret.
    using ReadDone = std::function<void(std::optional<QString> password, Kept kept)>;
    void read(const QString &address, ReadDone done);
    void write(const QString &address, const QString &password, std::function<void(Kept)> done);
    void remove(const QString &address);

private:
    QString fileName() const;
    std::optional<QString> readFile(const QString &address) const;
    bool writeFile(const QString &address, const std::optional<QString> &password) const;

    QString m_folder;
    Keyring m_keyring;
};

} // namespace godwit::platform
