// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/StreamError.h"

#include "stream/Namespaces.h"
#include "stream/StanzaError.h"
#include "xml/XmlWriter.h"

#include <array>

namespace godwit::stream
{

namespace
{

constexpr std::array<std::string_view, 25> names = {
    "bad-format",
    "bad-namespace-prefix",
    "conflict",
    "connection-timeout",
    "host-gone",
    "host-unknown",
    "improper-addressing",
    "internal-server-error",
    "invalid-from",
    "invalid-namespace",
    "invalid-xml",
    "not-authorized",
    "not-well-formed",
    "policy-violation",
    "remote-connection-failed",
    "reset",
    "resource-constraint",
    "restricted-xml",
    "see-other-host",
    "system-shutdown",
    "undefined-condition",
    "unsupported-encoding",
    "unsupported-feature",
    "unsupported-stanza-type",
    "unsupported-version",
};
static_assert(static_cast<std::size_t>(StreamCondition::UnsupportedVersion) + 1 == names.size());

StreamCondition conditionOf(xml::XmlFault fault)
{
    switch (fault) {
    case xml::XmlFault::NotWellFormed:
        return StreamCondition::NotWellFormed;
    case xml::XmlFault::RestrictedXml:
        return StreamCondition::RestrictedXml;
    case xml::XmlFault::BadNamespacePrefix:
        return StreamCondition::BadNamespacePrefix;
    case xml::XmlFault::InvalidNamespace:
        return StreamCondition::InvalidNamespace;
    case xml::XmlFault::UnsupportedEncoding:
        return StreamCondition::UnsupportedEncoding;
    case xml::XmlFault::InvalidXml:
        return StreamCondition::InvalidXml;
    case xml::XmlFault::TooLarge:
        return StreamCondition::PolicyViolation;
    }
    return StreamCondition::NotWellFormed;
}

} // namespace

std::string_view name(StreamCondition condition)
{
    return names[static_cast<std::size_t>(condition)];
}

void writeStreamError(wire::Wire &wire, std::string &out, const StreamError &error)
{
    std::string content;
    xml::XmlWriter writer(content);
    writer.open(name(error.condition), ns::streamErrors);
    if (error.condition == StreamCondition::SeeOtherHost) {
        writer.text(error.otherHost);
    }
    writer.close();
    if (!error.text.empty()) {
        writer.open("text", ns::streamErrors).attribute("xml:lang", "en").text(error.text).close();
    }
    writer.raw(error.application);
    wire.streamElement(out, {"error", content});
}

StreamError toStreamError(xml::XmlFault fault, std::string detail)
{
    return {conditionOf(fault), std::move(detail), {}, {}};
}

StreamError toStreamError(const base::Error &error)
{
    return {peerView(error.code()).stream, {}, {}, {}};
}

} // namespace godwit::stream
