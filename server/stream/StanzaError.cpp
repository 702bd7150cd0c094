// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/StanzaError.h"

#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

#include <array>

namespace godwit::stream
{

namespace
{

struct Condition {
    std::string_view name;
    ErrorType usual;
};

// RFC 6120 §8.3.3.1 to §8.3.3.22.
constexpr std::array<Condition, 22> conditions = {{
    {"bad-request", ErrorType::Modify},
    {"conflict", ErrorType::Cancel},
    {"feature-not-implemented", ErrorType::Cancel},
    {"forbidden", ErrorType::Auth},
    {"gone", ErrorType::Cancel},
    {"internal-server-error", ErrorType::Cancel},
    {"item-not-found", ErrorType::Cancel},
    {"jid-malformed", ErrorType::Modify},
    {"not-acceptable", ErrorType::Modify},
    {"not-allowed", ErrorType::Cancel},
    {"not-authorized", ErrorType::Auth},
    {"policy-violation", ErrorType::Modify},
    {"recipient-unavailable", ErrorType::Wait},
    {"redirect", ErrorType::Modify},
    {"registration-required", ErrorType::Auth},
    {"remote-server-not-found", ErrorType::Cancel},
    {"remote-server-timeout", ErrorType::Wait},
    {"resource-constraint", ErrorType::Wait},
    {"service-unavailable", ErrorType::Cancel},
    {"subscription-required", ErrorType::Auth},
    {"undefined-condition", ErrorType::Cancel},
    {"unexpected-request", ErrorType::Wait},
}};
static_assert(static_cast<std::size_t>(StanzaCondition::UnexpectedRequest) + 1 == conditions.size());

constexpr std::array<std::string_view, 5> typeNames = {"auth", "cancel", "continue", "modify", "wait"};
static_assert(static_cast<std::size_t>(ErrorType::Wait) + 1 == typeNames.size());

void appendAttribute(std::string &out, std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return;
    }
    out += ' ';
    out += name;
    out += "='";
    xml::appendEscapedAttribute(out, value);
    out += '\'';
}

/// A whole answer to `request`, its addresses swapped; with an end tag also when it is empty, as kept form wants.
std::string reply(const xml::Stanza &request, std::string_view type, std::string_view content)
{
    const std::string_view element = xml::elementName(request.kind);
    std::string out;
    out += '<';
    out += element;
    // In the order that restamping keeps, so that these bytes stay as they are.
    appendAttribute(out, "from", request.to.text());
    appendAttribute(out, "to", request.from.text());
    appendAttribute(out, "id", request.id);
    appendAttribute(out, "type", type);
    out += '>';
    out += content;
    out += "</";
    out += element;
    out += '>';
    return out;
}

} // namespace

std::string_view name(ErrorType type)
{
    return typeNames[static_cast<std::size_t>(type)];
}

std::string_view name(StanzaCondition condition)
{
    return conditions[static_cast<std::size_t>(condition)].name;
}

ErrorType usualType(StanzaCondition condition)
{
    return conditions[static_cast<std::size_t>(condition)].usual;
}

StanzaError::StanzaError(StanzaCondition what, std::string words)
    : StanzaError(usualType(what), what, std::move(words))
{
}

StanzaError::StanzaError(ErrorType how, StanzaCondition what, std::string words)
    : type(how)
    , condition(what)
    , text(std::move(words))
{
}

std::string errorElement(const StanzaError &error)
{
    std::string out;
    xml::XmlWriter writer(out);
    writer.open("error").attribute("type", name(error.type));
    writer.open(name(error.condition), ns::stanzaErrors);
    if (!error.newAddress.empty()) {
        writer.text(error.newAddress);
    }
    writer.close();
    if (!error.text.empty()) {
        writer.open("text", ns::stanzaErrors).attribute("xml:lang", "en").text(error.text).close();
    }
    writer.raw(error.application);
    writer.close();
    return out;
}

std::optional<std::string> errorReply(const xml::Stanza &request, const StanzaError &error)
{
    if (request.type == xml::StanzaType::Error || request.type == xml::StanzaType::Result) {
        return std::nullopt;
    }
    return reply(request, "error", errorElement(error));
}

std::string resultReply(const xml::Stanza &request, std::string_view payload)
{
    return reply(request, "result", payload);
}

PeerView peerView(base::ErrorCode code)
{
    using enum StanzaCondition;
    using Stream = StreamCondition;
    switch (code) {
    case base::ErrorCode::InvalidInput:
        return {ErrorType::Modify, BadRequest, Stream::BadFormat};
    case base::ErrorCode::LimitExceeded:
        return {ErrorType::Wait, PolicyViolation, Stream::PolicyViolation};
    case base::ErrorCode::NotFound:
        return {ErrorType::Cancel, ItemNotFound, Stream::UndefinedCondition};
    case base::ErrorCode::AlreadyExists:
        return {ErrorType::Cancel, Conflict, Stream::Conflict};
    case base::ErrorCode::NotAuthorized:
        return {ErrorType::Auth, Forbidden, Stream::NotAuthorized};
    case base::ErrorCode::Unavailable:
        return {ErrorType::Wait, ServiceUnavailable, Stream::InternalServerError};
    case base::ErrorCode::ResourceFull:
        return {ErrorType::Wait, ResourceConstraint, Stream::ResourceConstraint};
    case base::ErrorCode::Conflict:
        // Not the stream condition conflict: clients take that for "replaced by another login" and stay away.
        return {ErrorType::Cancel, StanzaCondition::Conflict, Stream::Reset};
    case base::ErrorCode::Corrupt:
    case base::ErrorCode::TooNew:
    case base::ErrorCode::Io:
        return {ErrorType::Cancel, InternalServerError, Stream::InternalServerError};
    case base::ErrorCode::Cancelled:
        return {ErrorType::Wait, ServiceUnavailable, Stream::SystemShutdown};
    }
    return {ErrorType::Cancel, InternalServerError, Stream::InternalServerError};
}

StanzaError toStanzaError(const base::Error &error)
{
    const PeerView view = peerView(error.code());
    return {view.type, view.stanza};
}

} // namespace godwit::stream
