// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Requests of XmppSession that wait for an answer. QXmpp lets a request wait for ever once its stream was resumed, so
// each has a deadline of its own and fails when the connection does; whoever asked asks again.

#include "session/XmppSession.h"

#include "base/Clock.h"
#include "session/RawStanza.h"
#include "session/StanzaIntake.h"

#include <QDomElement>
#include <QXmppClient.h>
#include <QXmppDataForm.h>
#include <QXmppError.h>
#include <QXmppMamIq.h>
#include <QXmppPingIq.h>
#include <QXmppResultSet.h>
#include <QXmppRosterIq.h>
#include <QXmppStanza.h>
#include <QXmppTask.h>
#include <QXmppUtils.h>

using namespace std::chrono_literals;

namespace godwit::session
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

constexpr auto answerTimeout = 30s;

ErrorCode codeOf(const QXmppError &error)
{
    const auto stanza = error.value<QXmppStanza::Error>();
    if (!stanza) {
        return ErrorCode::Unavailable;
    }
    switch (stanza->condition()) {
    case QXmppStanza::Error::ItemNotFound:
        return ErrorCode::NotFound;
    case QXmppStanza::Error::ServiceUnavailable:
    case QXmppStanza::Error::FeatureNotImplemented:
    case QXmppStanza::Error::NotAllowed:
    case QXmppStanza::Error::Forbidden:
        return ErrorCode::NotAuthorized;
    case QXmppStanza::Error::BadRequest:
    case QXmppStanza::Error::JidMalformed:
    case QXmppStanza::Error::NotAcceptable:
        return ErrorCode::InvalidInput;
    default:
        return ErrorCode::Unavailable;
    }
}

void addField(QList<QXmppDataForm::Field> &fields, const QString &key, const QString &value,
              QXmppDataForm::Field::Type type = QXmppDataForm::Field::TextSingleField)
{
    QXmppDataForm::Field field(type);
    field.setKey(key);
    field.setValue(value);
    fields.append(field);
}

QXmppMamQueryIq archiveIq(const ArchiveQuery &query)
{
    QList<QXmppDataForm::Field> fields;
    addField(fields, QStringLiteral("FORM_TYPE"), QStringLiteral("urn:xmpp:mam:2"), QXmppDataForm::Field::HiddenField);
    if (!query.with.isEmpty()) {
        addField(fields, QStringLiteral("with"), query.with);
    }
    const auto addTime = [&](const QString &key, std::int64_t micros) {
        if (micros) {
            const base::WallTime time{std::chrono::microseconds(micros)};
            addField(fields, key, QString::fromStdString(base::formatDateTime(time)));
        }
    };
    addTime(QStringLiteral("start"), query.start);
    addTime(QStringLiteral("end"), query.end);
    QXmppDataForm form;
    form.setType(QXmppDataForm::Submit);
    form.setFields(fields);
    QXmppResultSetQuery page;
    page.setMax(query.max);
    if (query.newest) {
        page.setBefore(query.before.isNull() ? QStringLiteral("") : query.before);
    } else if (!query.after.isEmpty()) {
        page.setAfter(query.after);
    }
    QXmppMamQueryIq iq;
    iq.setType(QXmppIq::Set);
    iq.setQueryId(iq.id());
    iq.setForm(form);
    iq.setResultSetQuery(page);
    return iq;
}

} // namespace

struct XmppSession::Asked {
    Reply reply;
    QTimer *deadline = nullptr;
    ~Asked() { deadline->deleteLater(); } // may be the one that calls
};

void XmppSession::ask(QXmppIq &&iq, Reply reply)
{
    if (!m_open) {
        reply(Result<QDomElement>(Error(ErrorCode::Unavailable, "not connected")));
        return;
    }
    const int number = ++m_lastAsked;
    auto asked = std::make_shared<Asked>();
    asked->reply = std::move(reply);
    asked->deadline = new QTimer(this);
    asked->deadline->setSingleShot(true);
    const auto answer = [this, number](const Result<QDomElement> &result) {
        // Whoever answers first takes it out: each request is answered once.
        if (auto found = m_asked.extract(number)) {
            found.mapped()->deadline->stop();
            found.mapped()->reply(result);
        }
    };
    connect(asked->deadline, &QTimer::timeout, this,
            [answer] { answer(Error(ErrorCode::Unavailable, "no answer from the server")); });
    asked->deadline->start(answerTimeout);
    m_asked.emplace(number, std::move(asked));
    m_client->sendIq(std::move(iq)).then(this, [answer](QXmppClient::IqResult &&result) {
        if (auto *error = std::get_if<QXmppError>(&result)) {
            answer(Error(codeOf(*error), error->description.toStdString()));
        } else {
            answer(std::get<QDomElement>(std::move(result)));
        }
    });
}

void XmppSession::failAsked()
{
    for (auto &[number, asked] : std::exchange(m_asked, {})) {
        asked->deadline->stop();
        asked->reply(Result<QDomElement>(Error(ErrorCode::Unavailable, "the connection was lost")));
    }
}

void XmppSession::requestAck()
{
    if (!m_open) {
        return;
    }
    if (!m_ownCount) {
        m_client->sendPacket(RawStanza("<r xmlns='urn:xmpp:sm:3'/>"));
        return;
    }
    // RFC 6120 §10.1: stanzas are handled in order, so the answer to a ping says that what went before it was handled.
    QXmppPingIq ping;
    ping.setTo(QXmppUtils::jidToDomain(m_login.address));
    const std::uint32_t written = m_written + 1;
    ask(std::move(ping), [this, written](const Result<QDomElement> &result) {
        // An error is an answer too: it is the server that does not know pings.
        if (m_open && (result.ok() || result.error().code() != ErrorCode::Unavailable)) {
            Q_EMIT acknowledged(written);
        }
    });
}

void XmppSession::requestRoster()
{
    QXmppRosterIq roster;
    roster.setType(QXmppIq::Get);
    ask(std::move(roster), [this](const Result<QDomElement> &result) {
        m_rosterKnown = result.ok();
        if (m_rosterKnown) {
            Q_EMIT rosterReceived(rosterItems(*result));
        }
    });
}

void XmppSession::setRosterItem(const QString &address, const QString &name, Done done)
{
    QXmppRosterIq::Item item;
    item.setBareJid(address);
    item.setName(name);
    item.setSubscriptionType(QXmppRosterIq::Item::NotSet);
    QXmppRosterIq roster;
    roster.setType(QXmppIq::Set);
    roster.addItem(item);
    ask(std::move(roster), [done = std::move(done)](const Result<QDomElement> &result) {
        done(result ? Result<Ok>(Ok()) : Result<Ok>(result.error()));
    });
}

void XmppSession::removeRosterItem(const QString &address, Done done)
{
    QXmppRosterIq::Item item;
    item.setBareJid(address);
    item.setSubscriptionType(QXmppRosterIq::Item::Remove);
    QXmppRosterIq roster;
    roster.setType(QXmppIq::Set);
    roster.addItem(item);
    ask(std::move(roster), [done = std::move(done)](const Result<QDomElement> &result) {
        done(result ? Result<Ok>(Ok()) : Result<Ok>(result.error()));
    });
}

void XmppSession::queryArchive(const ArchiveQuery &query, std::function<void(const Incoming &)> item,
                               std::function<void(Result<ArchivePage>)> done)
{
    QXmppMamQueryIq iq = archiveIq(query);
    const QString queryId = iq.queryId();
    m_archiveItems.emplace(queryId, std::move(item));
    ask(std::move(iq), [this, queryId, done = std::move(done)](const Result<QDomElement> &result) {
        m_archiveItems.erase(queryId);
        if (!result) {
            done(result.error());
            return;
        }
        QXmppMamResultIq end;
        end.parse(*result);
        done(ArchivePage{.firstId = end.resultSetReply().first(),
                         .lastId = end.resultSetReply().last(),
                         .complete = end.complete()});
    });
}

} // namespace godwit::session
