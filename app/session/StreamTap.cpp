// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/StreamTap.h"

#include <QXmlStreamReader>

#include <algorithm>

namespace godwit::session
{

namespace
{

constexpr auto managementNs = QLatin1StringView("urn:xmpp:sm:3");
constexpr auto sasl2Ns = QLatin1StringView("urn:xmpp:sasl:2");
constexpr auto bind2Ns = QLatin1StringView("urn:xmpp:bind:0");
constexpr auto saslNs = QLatin1StringView("urn:ietf:params:xml:ns:xmpp-sasl");
constexpr auto notNowName = QLatin1StringView("temporary-auth-failure");
constexpr auto streamsNs = QLatin1StringView("http://etherx.jabber.org/streams");
constexpr auto limitsNs = QLatin1StringView("urn:xmpp:stream-limits:0");

/// What a text must have in it to be worth reading.
constexpr QLatin1StringView telling[] = {managementNs, notNowName, streamsNs, QLatin1StringView("<stream:features"),
                                         QLatin1StringView("<stream:error")};

/// Conditions that say that something which we wrote is to blame.
constexpr QLatin1StringView blaming[] = {
    QLatin1StringView("policy-violation"),  QLatin1StringView("not-well-formed"),
    QLatin1StringView("invalid-xml"),       QLatin1StringView("restricted-xml"),
    QLatin1StringView("bad-format"),        QLatin1StringView("bad-namespace-prefix"),
    QLatin1StringView("invalid-namespace"), QLatin1StringView("unsupported-stanza-type"),
};

/// Whether a piece begins with the element of that name ("<a " or "<a>" or "<a/" but not "<abort").
bool begins(const QString &text, QLatin1StringView name)
{
    if (text.size() < name.size() + 2 || text.at(0) != u'<' || QStringView(text).sliced(1, name.size()) != name) {
        return false;
    }
    const QChar after = text.at(name.size() + 1);
    return after.isSpace() || after == u'>' || after == u'/';
}

std::optional<std::uint32_t> count(const QXmlStreamAttributes &attributes)
{
    bool ok = false;
    const std::uint32_t h = attributes.value(QLatin1StringView("h")).toUInt(&ok);
    return ok ? std::optional(h) : std::nullopt;
}

/// An element whose children say something about the stream itself.
bool wraps(const QXmlStreamReader &reader)
{
    const QStringView ns = reader.namespaceUri();
    return (reader.name() == u"success" && ns == sasl2Ns) || (reader.name() == u"bound" && ns == bind2Ns) ||
           (reader.name() == u"failure" && (ns == sasl2Ns || ns == saslNs));
}

/// Without the declaration and the stream's opening tag, which is no whole element.
QStringView withoutStreamHeader(QStringView text)
{
    text = text.trimmed();
    if (text.startsWith(QLatin1StringView("<?xml"))) {
        text = text.sliced(text.indexOf(QLatin1StringView("?>")) + 2).trimmed();
    }
    if (text.startsWith(QLatin1StringView("<stream:stream"))) {
        text = text.sliced(text.indexOf(u'>') + 1);
    }
    if (text.endsWith(QLatin1StringView("</stream:stream>"))) {
        text = text.chopped(16);
    }
    return text;
}

} // namespace

void StreamTap::sent(const QString &text)
{
    if (begins(text, QLatin1StringView("authenticate"))) {
        // Nothing that a person wrote can look like it: "<" is "&lt;" there.
        m_handlers.authenticating(text.contains(QLatin1StringView("<fast ")));
    }
    if (begins(text, QLatin1StringView("presence"))) {
        const QStringView tag = QStringView(text).first(text.indexOf(u'>'));
        m_handlers.stanza(!tag.contains(u" to=") && !tag.contains(u" type="));
    } else if (begins(text, QLatin1StringView("message")) || begins(text, QLatin1StringView("iq"))) {
        m_handlers.stanza(false);
    } else if (begins(text, QLatin1StringView("a")) && text.contains(managementNs)) {
        m_handlers.aboutToAck();
    } else if (text.contains(QLatin1StringView("<resume ")) && text.contains(managementNs)) {
        // On its own, or inside <authenticate/> (XEP-0388, XEP-0198 §6).
        m_resuming = true;
        m_handlers.aboutToAck();
    }
}

void StreamTap::received(const QString &text)
{
    if (std::ranges::none_of(telling, [&text](QLatin1StringView word) { return text.contains(word); })) {
        return;
    }
    // Only elements of the stream itself count: a sender may put any of these into a message. QXmpp has parsed the
    // same text already, so it is well-formed.
    QXmlStreamReader reader;
    reader.addData(
        QStringLiteral("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>") +
        withoutStreamHeader(text).toString() + QStringLiteral("</stream:stream>"));
    int depth = 0;
    int transparent = 0; // levels of <success/>, <bound/> and <failure/> that we are inside of
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::StartElement) {
            ++depth;
            if (depth - transparent == 2) {
                if (wraps(reader)) {
                    ++transparent;
                } else {
                    element(reader);
                }
            }
        }
        if (reader.tokenType() == QXmlStreamReader::EndElement) {
            --depth;
            transparent = std::min(transparent, std::max(0, depth - 1));
        }
    }
}

/// Stands at the end of the element behind it, or still at its beginning.
void StreamTap::element(QXmlStreamReader &reader)
{
    const QStringView ns = reader.namespaceUri();
    if (ns == managementNs) {
        management(reader.name(), count(reader.attributes()));
    } else if (ns == saslNs && reader.name() == notNowName) {
        m_handlers.notNow();
    } else if (ns == streamsNs && reader.name() == u"features") {
        features(reader);
    } else if (ns == streamsNs && reader.name() == u"error") {
        error(reader);
    }
}

void StreamTap::features(QXmlStreamReader &reader)
{
    bool beforeLogin = false;
    std::uint64_t bytes = 0;
    while (reader.readNextStartElement()) {
        beforeLogin = beforeLogin || reader.namespaceUri() == saslNs || reader.namespaceUri() == sasl2Ns;
        if (reader.name() != u"limits" || reader.namespaceUri() != limitsNs) {
            reader.skipCurrentElement();
            continue;
        }
        while (reader.readNextStartElement()) {
            if (reader.name() == u"max-bytes") {
                bytes = reader.readElementText(QXmlStreamReader::SkipChildElements).toULongLong();
            } else {
                reader.skipCurrentElement();
            }
        }
    }
    if (!beforeLogin) {
        m_handlers.limitTold(bytes);
    }
}

void StreamTap::error(QXmlStreamReader &reader)
{
    bool ours = false;
    while (reader.readNextStartElement()) {
        ours =
            ours || std::ranges::any_of(blaming, [&reader](QLatin1StringView word) { return reader.name() == word; });
        reader.skipCurrentElement();
    }
    if (ours) {
        m_handlers.faulted();
    }
}

void StreamTap::management(QStringView name, const std::optional<std::uint32_t> &h)
{
    if (name == u"a" && h) {
        m_handlers.acknowledged(*h);
    } else if (name == u"enabled") {
        m_handlers.enabled();
    } else if (name == u"resumed") {
        m_resuming = false;
        m_handlers.resumed(h.value_or(0));
    } else if (name == u"failed" && m_resuming) {
        m_resuming = false;
        m_handlers.resumeFailed(h);
    }
}

} // namespace godwit::session
