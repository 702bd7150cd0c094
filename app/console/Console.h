// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The terminal chat: lines from standard input go out, what happens is printed, one line each.
#pragma once

#include "account/Account.h"
#include "cache/Types.h"
#include "platform/StopSignal.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>

namespace godwit::console
{

/// How the program ends.
enum class Exit : int {
    Done = 0,       ///< everything that was typed is accepted
    Failed = 1,     ///< the account could not be opened
    Usage = 2,      ///< the command line is wrong
    Refused = 3,    ///< the server did not let us in
    StillQueued = 4 ///< the end came before everything was accepted; the rest goes out at the next start
};

/// Lives in the main thread.
class Console : public QObject
{
    Q_OBJECT

public:
    struct Options {
        QString peer;
        std::chrono::seconds drainTimeout{60}; ///< after the end of input
    };

    Console(account::Account &account, Options options);
    ~Console() override;

    /// Signs in, by the token when there is one and the server takes it, and begins to read standard input.
    void start(const QString &password, const QString &token);

Q_SIGNALS:
    void finished(godwit::console::Exit exit);

private:
    void readInput();
    void stop();
    void takeLine(const QString &line);
    void command(const QString &line);
    void send(const QString &text);
    void endInput();
    void drain();
    void leave(Exit exit);
    void onChange(const cache::Change &change);
    void printOwn(const cache::Message &message);
    void printConnection();
    void printTraffic();
    void printHistory(int count);
    void printContacts();
    void print(const QString &line);

    account::Account &m_account;
    const Options m_options;
    std::unique_ptr<QSocketNotifier> m_input;
    platform::StopSignal m_stop;
    QByteArray m_pending; ///< an unfinished line
    QTimer m_drainDeadline;
    std::map<cache::MessageKey, cache::MessageState> m_printed;
    QString m_lastConnection;
    bool m_ending = false; ///< input has ended: leave when everything is accepted
    bool m_left = false;
};

} // namespace godwit::console
