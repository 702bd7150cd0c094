// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "console/Console.h"

#include "cache/Cache.h"
#include "contacts/Contacts.h"
#include "history/History.h"
#include "outbox/Outbox.h"
#include "session/Session.h"

#include <QDateTime>
#include <QTimeZone>

#include <limits>
#include <ranges>
#include <unistd.h>

namespace godwit::console
{

using account::Account;
using base::Result;
using cache::Change;
using cache::Message;
using cache::MessageState;
using cache::Store;

namespace
{

/// The longest line that is one message; longer ones are cut into several.
constexpr qsizetype lineBytesMax = outbox::Outbox::bodyBytesMax;
constexpr int historyRowsMax = 10'000;

QString stamp(cache::Time time)
{
    return QDateTime::fromMSecsSinceEpoch(time / 1000, QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

/// One line whatever is in it.
QString escaped(QString text)
{
    text.replace(u'\\', QLatin1StringView("\\\\"));
    text.replace(u'\n', QLatin1StringView("\\n"));
    text.replace(u'\r', QLatin1StringView("\\r"));
    return text;
}

/// What a terminal, or a program that reads lines, would obey instead of show.
QString withoutControls(const QString &line)
{
    QString shown;
    shown.reserve(line.size());
    for (const QChar letter : line) {
        const QChar::Category category = letter.category();
        const bool control = category == QChar::Other_Control || category == QChar::Separator_Line ||
                             category == QChar::Separator_Paragraph;
        if (control && letter != u'\t') {
            shown += QStringLiteral("\\u%1").arg(static_cast<unsigned>(letter.unicode()), 4, 16, QLatin1Char('0'));
        } else {
            shown += letter;
        }
    }
    return shown;
}

/// The end of the first piece of a line that is too long, between two characters.
qsizetype cutOf(const QByteArray &line)
{
    qsizetype end = std::min(lineBytesMax, line.size());
    const auto continues = [&line](qsizetype at) { return (static_cast<unsigned char>(line.at(at)) & 0xc0) == 0x80; };
    constexpr qsizetype characterBytesMax = 4;
    for (qsizetype back = 0; back < characterBytesMax && end < line.size() && continues(end); ++back) {
        --end;
    }
    return end;
}

QString stateName(MessageState state)
{
    switch (state) {
    case MessageState::Incoming:
        return QStringLiteral("in");
    case MessageState::Queued:
        return QStringLiteral("queued");
    case MessageState::Sent:
        return QStringLiteral("sent");
    case MessageState::Accepted:
        return QStringLiteral("accepted");
    case MessageState::Delivered:
        return QStringLiteral("delivered");
    case MessageState::Read:
        return QStringLiteral("read");
    case MessageState::Failed:
        return QStringLiteral("failed");
    }
    return {};
}

cache::Time stateTime(const Message &message)
{
    switch (message.state) {
    case MessageState::Sent:
        return message.timeline.sent;
    case MessageState::Accepted:
        return message.timeline.accepted;
    case MessageState::Delivered:
        return message.timeline.delivered;
    case MessageState::Read:
        return message.timeline.read;
    case MessageState::Failed:
        return message.timeline.failed;
    default:
        return message.timeline.queued;
    }
}

} // namespace

Console::Console(Account &account, Options options)
    : m_account(account)
    , m_options(std::move(options))
{
    connect(&account.cache(), &cache::Cache::changed, this, &Console::onChange);
    connect(&account, &Account::connectionChanged, this, &Console::printConnection);
    connect(&account.history(), &history::History::caughtUp, this, [this] { print(QStringLiteral("synced")); });
    connect(&account, &Account::signInRefused, this, [this](const QString &reason) {
        print(QStringLiteral("error ") + reason);
        leave(Exit::Refused);
    });
    connect(&account, &Account::contactDone, this,
            [this](const QString &address) { print(QStringLiteral("note contact ") + address); });
    connect(&account, &Account::contactFailed, this, [this](const QString &address, const QString &reason) {
        print(QStringLiteral("error ") + address + u' ' + reason);
    });
    connect(&account.contacts(), &contacts::Contacts::listChanged, this, [this] {
        for (const QString &address : m_account.contacts().requests()) {
            print(QStringLiteral("request ") + address);
        }
    });
    connect(&account.outbox(), &outbox::Outbox::waitingChanged, this, &Console::drain);
    m_drainDeadline.setSingleShot(true);
    connect(&m_drainDeadline, &QTimer::timeout, this, [this] {
        print(QStringLiteral("note ") + tr("%n message(s) not accepted yet; they will be sent at the next start.",
                                           nullptr, static_cast<int>(m_account.outbox().waiting())));
        leave(Exit::StillQueued);
    });
}

Console::~Console() = default;

void Console::start(const QString &password)
{
    connect(&m_stop, &platform::StopSignal::received, this, &Console::stop);
    // Whoever is chatted with on purpose may learn that messages arrive.
    m_account.makeKnown(m_options.peer);
    // What the last run left behind goes out before anything that is typed now.
    m_account.cache().run<std::vector<Message>>(
        this,
        [](Store &store) -> Result<std::vector<Message>> {
            std::vector<Message> waiting;
            for (const cache::OutboxRow &row : store.outbox.after(0, std::numeric_limits<int>::max())) {
                if (auto message = store.messages.find(row.message)) {
                    waiting.push_back(*std::move(message));
                }
            }
            return waiting;
        },
        [this, password](const Result<std::vector<Message>> &waiting) {
            if (waiting) {
                for (const Message &message : *waiting) {
                    printOwn(message);
                }
            }
            m_account.goOnline(password);
            m_input = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
            connect(m_input.get(), &QSocketNotifier::activated, this, &Console::readInput);
        });
}

void Console::print(const QString &line)
{
    const QByteArray bytes = withoutControls(line).toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    std::fflush(stdout);
}

void Console::stop()
{
    // What is queued stays queued on disk; the stream is closed properly.
    leave(m_account.outbox().waiting() == 0 ? Exit::Done : Exit::StillQueued);
}

void Console::readInput()
{
    char buffer[4096];
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (count <= 0) {
        m_input.reset();
        if (!m_pending.isEmpty()) {
            takeLine(QString::fromUtf8(std::exchange(m_pending, {})));
        }
        endInput();
        return;
    }
    m_pending.append(buffer, count);
    for (;;) {
        qsizetype end = m_pending.indexOf('\n');
        if (end < 0 && m_pending.size() <= lineBytesMax) {
            return;
        }
        end = end < 0 || end > lineBytesMax ? cutOf(m_pending) : end;
        const QByteArray line = m_pending.first(end);
        m_pending.remove(0, end + (end < m_pending.size() && m_pending.at(end) == '\n' ? 1 : 0));
        takeLine(QString::fromUtf8(line));
        if (m_left || m_ending) {
            return;
        }
    }
}

void Console::takeLine(const QString &line)
{
    if (line.trimmed().isEmpty()) {
        return;
    }
    // "//x" says "/x".
    if (line.startsWith(QLatin1StringView("//"))) {
        send(line.sliced(1));
    } else if (line.startsWith(u'/') && !line.startsWith(QLatin1StringView("/me "))) {
        command(line.trimmed());
    } else {
        send(line);
    }
}

void Console::send(const QString &text)
{
    const auto key = m_account.outbox().send(m_options.peer, text);
    if (!key) {
        print(QStringLiteral("error ") + QString::fromStdString(key.error().text()));
    }
}

void Console::command(const QString &line)
{
    const QString name = line.section(u' ', 0, 0);
    const QString rest = line.section(u' ', 1).trimmed();
    if (name == u"/quit") {
        m_input.reset();
        endInput();
    } else if (name == u"/history") {
        printHistory(rest.isEmpty() ? 20 : std::clamp(rest.toInt(), 1, historyRowsMax));
    } else if (name == u"/contacts") {
        printContacts();
    } else if (name == u"/add" && !rest.isEmpty()) {
        m_account.addContact(rest.section(u' ', 0, 0), rest.section(u' ', 1));
    } else if (name == u"/accept" && !rest.isEmpty()) {
        m_account.acceptRequest(rest);
    } else if (name == u"/deny" && !rest.isEmpty()) {
        m_account.denyRequest(rest);
    } else if (name == u"/connection") {
        printTraffic();
    } else if (name == u"/low-bandwidth" && (rest == u"on" || rest == u"off")) {
        m_account.setLowBandwidth(rest == u"on");
    } else {
        print(QStringLiteral("note ") + tr("Each line is a message. Commands: /history [N], /contacts, "
                                           "/add ADDRESS [NAME], /accept ADDRESS, /deny ADDRESS, /connection, "
                                           "/low-bandwidth on|off, /quit, /help. "
                                           "A line that begins with // is sent with one / less."));
    }
}

void Console::endInput()
{
    m_ending = true;
    m_drainDeadline.start(m_options.drainTimeout);
    // Let changes that are committed already be printed first.
    QMetaObject::invokeMethod(this, &Console::drain, Qt::QueuedConnection);
}

void Console::drain()
{
    if (m_ending && !m_left && m_account.outbox().waiting() == 0) {
        leave(Exit::Done);
    }
}

void Console::leave(Exit exit)
{
    if (std::exchange(m_left, true)) {
        return;
    }
    m_input.reset();
    m_drainDeadline.stop();
    // The last states are on their way through the cache; print them before the end.
    m_account.cache().run<base::Ok>(
        this, [](Store &) -> Result<base::Ok> { return base::Ok(); },
        [this, exit](const Result<base::Ok> &) {
            if (exit != Exit::Refused) {
                m_account.goOffline();
            }
            Q_EMIT finished(exit);
        });
}

void Console::onChange(const Change &change)
{
    if (change.kind == Change::Kind::MessageRemoved) {
        m_printed.erase(change.message.key);
        return;
    }
    if (change.kind != Change::Kind::MessageAdded && change.kind != Change::Kind::MessageChanged) {
        return;
    }
    const Message &message = change.message;
    if (message.own) {
        printOwn(message);
    } else if (change.kind == Change::Kind::MessageAdded) {
        print(QStringLiteral("in %1 %2 %3 %4")
                  .arg(QString::number(message.key), stamp(message.time), message.peer, escaped(message.body)));
        if (message.peer == m_options.peer && !message.seen) {
            m_account.markRead(m_options.peer);
        }
    }
}

void Console::printOwn(const Message &message)
{
    const auto known = m_printed.find(message.key);
    if (known != m_printed.end() && known->second == message.state) {
        return;
    }
    const bool first = known == m_printed.end();
    m_printed[message.key] = message.state;
    QString line = QStringLiteral("own %1 %2 %3 %4")
                       .arg(QString::number(message.key), stateName(message.state), stamp(stateTime(message)),
                            message.originId.isEmpty() ? QStringLiteral("-") : message.originId);
    if (message.state == MessageState::Failed) {
        line += u' ' + escaped(message.reason);
    } else if (first) {
        line += u' ' + escaped(message.body);
    }
    print(line);
}

void Console::printConnection()
{
    QString words;
    switch (m_account.connection()) {
    case Account::Connection::Offline:
        words = QStringLiteral("offline");
        break;
    case Account::Connection::Connecting:
        words = QStringLiteral("connecting");
        break;
    case Account::Connection::Online:
        words = QStringLiteral("online ") + m_account.wire();
        break;
    case Account::Connection::Waiting:
        words = QStringLiteral("waiting ") + m_account.session().trouble();
        break;
    case Account::Connection::Refused:
        words = QStringLiteral("refused ") + m_account.session().trouble();
        break;
    }
    if (std::exchange(m_lastConnection, words) != words) {
        print(QStringLiteral("conn ") + escaped(words.trimmed()));
    }
}

void Console::printTraffic()
{
    const auto traffic = m_account.session().traffic();
    print(QStringLiteral("traffic %1 %2 %3 %4")
              .arg(QString::number(traffic.sent), QString::number(traffic.received), QString::number(traffic.saved()),
                   m_account.wire())
              .trimmed());
}

void Console::printHistory(int count)
{
    m_account.cache().run<std::vector<Message>>(
        this,
        [peer = m_options.peer, count](Store &store) -> Result<std::vector<Message>> {
            return store.messages.page(peer, std::numeric_limits<cache::Place>::max(), count);
        },
        [this](const Result<std::vector<Message>> &messages) {
            if (!messages) {
                return;
            }
            for (const Message &message : std::views::reverse(*messages)) {
                print(QStringLiteral("old %1 %2 %3 %4 %5")
                          .arg(QString::number(message.key), stateName(message.state), stamp(message.time),
                               message.own ? m_account.address() : message.peer, escaped(message.body)));
            }
        });
}

void Console::printContacts()
{
    for (const auto &[address, contact] : m_account.contacts().all()) {
        print(
            QStringLiteral("contact %1 %2 %3 %4")
                .arg(address, contact.subscription,
                     m_account.contacts().available(address) ? QStringLiteral("available") : QStringLiteral("offline"),
                     escaped(contact.name))
                .trimmed());
    }
}

} // namespace godwit::console
