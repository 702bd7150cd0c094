// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "platform/PasswordStore.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace godwit::platform
{

namespace
{

const QString service = QStringLiteral("Godwit");
constexpr std::chrono::milliseconds lockTimeout{2000};

} // namespace

PasswordStore::PasswordStore(QString folder, Keyring keyring, QObject *parent)
    : QObject(parent)
    , m_folder(std::move(folder))
    , m_keyring(keyring)
{
}

PasswordStore::~PasswordStore() = default;

void PasswordStore::read(const QString &address, ReadDone done)
{
    const auto fromFile = [this, address, done] {
        const auto password = readFile(address);
        done(password, password ? Kept::InFile : Kept::Nowhere);
    };
    if (m_keyring == Keyring::Never) {
        QTimer::singleShot(0, this, fromFile);
        return;
    }
    auto *job = new QKeychain::ReadPasswordJob(service, this);
    job->setKey(address);
    connect(job, &QKeychain::Job::finished, this, [job, done, fromFile](QKeychain::Job *) {
        if (job->error() == QKeychain::NoError) {
            done(job->textData(), Kept::InKeyring);
        } else {
            fromFile();
        }
    });
    job->start();
}

void PasswordStore::write(const QString &address, const QString &password, std::function<void(Kept)> done)
{
    const auto toFile = [this, address, password, done] {
        done(writeFile(address, password) ? Kept::InFile : Kept::Nowhere);
    };
    if (m_keyring == Keyring::Never) {
        QTimer::singleShot(0, this, toFile);
        return;
    }
    auto *job = new QKeychain::WritePasswordJob(service, this);
    job->setKey(address);
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this, job, address, done, toFile](QKeychain::Job *) {
        if (job->error() == QKeychain::NoError) {
            writeFile(address, std::nullopt); // an older one from before the keyring ran
            done(Kept::InKeyring);
        } else {
            toFile();
        }
    });
    job->start();
}

void PasswordStore::remove(const QString &address)
{
    writeFile(address, std::nullopt);
    if (m_keyring == Keyring::IfItRuns) {
        auto *job = new QKeychain::DeletePasswordJob(service, this);
        job->setKey(address);
        job->start();
    }
}

QString PasswordStore::fileName() const
{
    return m_folder + QStringLiteral("/passwords.json");
}

std::optional<QString> PasswordStore::readFile(const QString &address) const
{
    QFile file(fileName());
    if (!file.open(QFile::ReadOnly)) {
        return std::nullopt;
    }
    const QJsonValue password = QJsonDocument::fromJson(file.readAll()).object().value(address);
    return password.isString() ? std::optional(password.toString()) : std::nullopt;
}

bool PasswordStore::writeFile(const QString &address, const std::optional<QString> &password) const
{
    // Another Godwit may write what belongs to another account.
    QLockFile lock(fileName() + QStringLiteral(".lock"));
    if (!lock.tryLock(lockTimeout)) {
        return false;
    }
    QJsonObject passwords;
    if (QFile file(fileName()); file.open(QFile::ReadOnly)) {
        passwords = QJsonDocument::fromJson(file.readAll()).object();
    }
    if (!password && !passwords.contains(address)) {
        return true;
    }
    if (password) {
        passwords.insert(address, *password);
    } else {
        passwords.remove(address);
    }
    QSaveFile file(fileName());
    if (!file.open(QFile::WriteOnly)) {
        return false;
    }
    // Before there is anything in it.
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument(passwords).toJson());
    return file.commit();
}

} // namespace godwit::platform
