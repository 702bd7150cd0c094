// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/StanzaReply.h"

#include "xml/XmlWriter.h"

namespace godwit::contacts
{

namespace
{

struct ConditionText {
    std::string_view type;
    std::string_view name;
};

ConditionText textOf(Condition condition)
{
    switch (condition) {
    case Condition::BadRequest:
        return {"modify", "bad-request"};
    case Condition::Forbidden:
        return {"auth", "forbidden"};
    case Condition::InternalServerError:
        return {"wait", "internal-server-error"};
    case Condition::ItemNotFound:
        return {"cancel", "item-not-found"};
    case Condition::JidMalformed:
        return {"modify", "jid-malformed"};
    case Condition::NotAcceptable:
        return {"modify", "not-acceptable"};
    case Condition::NotAllowed:
        return {"cancel", "not-allowed"};
    case Condition::PolicyViolation:
        return {"modify", "policy-violation"};
    case Condition::ResourceConstraint:
        return {"wait", "resource-constraint"};
    }
    return {};
}

/// `<name from='' to='' id='' type=''>`, empty ones left out.
void appendStartTag(std::string &out, xml::StanzaKind kind, const jid::Jid &from, const jid::Jid &to,
                    std::string_view id, std::string_view type)
{
    const auto append = [&out](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            out += ' ';
            out += name;
            out += "='";
            xml::appendEscapedAttribute(out, value);
            out += '\'';
        }
    };
    out += '<';
    out += xml::elementName(kind);
    append("from", from.text());
    append("to", to.text());
    append("id", id);
    append("type", type);
    out += '>';
}

void appendEndTag(std::string &out, xml::StanzaKind kind)
{
    out += "</";
    out += xml::elementName(kind);
    out += '>';
}

/// Where `name='value'` ends that kept bytes may have at `at`; `at` when they do not. Escaped values hold no quotes.
std::size_t skipAttribute(std::string_view bytes, std::size_t at, std::string_view opening)
{
    if (!bytes.substr(at).starts_with(opening)) {
        return at;
    }
    const std::size_t quote = bytes.find('\'', at + opening.size());
    return quote == std::string_view::npos ? at : quote + 1;
}

} // namespace

Condition conditionOf(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::LimitExceeded:
    case base::ErrorCode::Unavailable:
    case base::ErrorCode::ResourceFull:
    case base::ErrorCode::Cancelled:
        return Condition::ResourceConstraint;
    default:
        return Condition::InternalServerError;
    }
}

Request::Request(const xml::Stanza &stanza)
    : kind(stanza.kind)
    , from(stanza.from)
    , to(stanza.to)
    , id(stanza.id)
{
}

std::string resultReply(const Request &request, std::string_view payload)
{
    std::string out;
    out.reserve(payload.size() + 160);
    appendStartTag(out, request.kind, request.to, request.from, request.id, "result");
    out += payload;
    appendEndTag(out, request.kind);
    return out;
}

std::string errorReply(const Request &request, Condition condition)
{
    const ConditionText text = textOf(condition);
    std::string out;
    appendStartTag(out, request.kind, request.to, request.from, request.id, "error");
    xml::XmlWriter writer(out);
    writer.open("error").attribute("type", text.type);
    writer.open(text.name, "urn:ietf:params:xml:ns:xmpp-stanzas").close();
    writer.close();
    appendEndTag(out, request.kind);
    return out;
}

std::string plainPresence(const jid::Jid &from, const jid::Jid &to, xml::StanzaType type, std::string_view id)
{
    std::string out;
    appendStartTag(out, xml::StanzaKind::Presence, from, to, id, xml::typeName(type));
    appendEndTag(out, xml::StanzaKind::Presence);
    return out;
}

PresenceCopier::PresenceCopier(std::string_view keptBytes, const jid::Jid &from)
    : m_head("<presence from='")
{
    xml::appendEscapedAttribute(m_head, from.text());
    m_head += "' to='";
    std::size_t at = std::string_view("<presence").size();
    at = skipAttribute(keptBytes, at, " from='");
    at = skipAttribute(keptBytes, at, " to='");
    m_rest = keptBytes.substr(at);
}

std::string PresenceCopier::copyFor(std::string_view to) const
{
    std::string out;
    out.reserve(m_head.size() + to.size() + m_rest.size() + 16);
    out += m_head;
    xml::appendEscapedAttribute(out, to);
    out += '\'';
    out += m_rest;
    return out;
}

std::string PresenceCopier::copyFor(std::string_view to, base::WallTime since, std::string_view stamper) const
{
    std::string delay;
    xml::XmlWriter(delay)
        .open("delay", "urn:xmpp:delay")
        .attribute("from", stamper)
        .attribute("stamp", base::formatDateTime(std::chrono::floor<std::chrono::seconds>(since)))
        .close();
    std::string out = copyFor(to);
    out.insert(xml::endTagOffset(out, xml::StanzaKind::Presence), delay);
    return out;
}

} // namespace godwit::contacts
