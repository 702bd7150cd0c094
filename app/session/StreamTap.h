// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads along what QXmpp writes and receives, as its log signals give it, and reports what XEP-0198 counts. QXmpp's own
// books are not asked: they believe a count that is too high and ignore the one in <failed/>.
#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <optional>

class QXmlStreamReader;

namespace godwit::session
{

/// A value without I/O. The handlers are called from within sent() and received().
class StreamTap
{
public:
    struct Handlers {
        std::function<void()> enabled;
        std::function<void(std::uint32_t)> acknowledged;
        std::function<void(std::uint32_t)> resumed;
        std::function<void(std::optional<std::uint32_t>)> resumeFailed;
        /// A message, presence or iq goes out. Whether it is the presence that says to all that we are available.
        std::function<void(bool ownPresence)> stanza;
        /// Our own count (an answer to <r/>, or the h of <resume/>) is about to go out.
        std::function<void()> aboutToAck;
        /// SASL2 begins, with a token instead of the password or not.
        std::function<void(bool byToken)> authenticating;
        /// The server cannot say now whether the password or token is right (RFC 6120 §6.5.11).
        std::function<void()> notNow;
        /// Features after login: the bytes of a stanza that the server takes (XEP-0478), 0 when it does not say.
        std::function<void(std::uint64_t)> limitTold;
        /// A stream error by which the server finds fault with what we wrote (RFC 6120 §4.9.3).
        std::function<void()> faulted;
    };

    explicit StreamTap(Handlers handlers)
        : m_handlers(std::move(handlers))
    {
    }

    /// One piece that is about to be written to the socket.
    void sent(const QString &text);
    /// One or more whole top-level elements, before anything is done with them.
    void received(const QString &text);

private:
    void element(QXmlStreamReader &reader);
    void management(QStringView name, const std::optional<std::uint32_t> &h);
    void features(QXmlStreamReader &reader);
    void error(QXmlStreamReader &reader);

    Handlers m_handlers;
    bool m_resuming = false;
};

} // namespace godwit::session
