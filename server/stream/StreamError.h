// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Stream errors (RFC 6120 §4.9): a stream that gets one is over.
#pragma once

#include "base/Result.h"
#include "wire/Wire.h"
#include "xml/StreamParser.h"

#include <string>
#include <string_view>

namespace godwit::stream
{

/// RFC 6120 §4.9.3, in its order.
enum class StreamCondition : std::uint8_t {
    BadFormat,
    BadNamespacePrefix,
    Conflict,
    ConnectionTimeout,
    HostGone,
    HostUnknown,
    ImproperAddressing,
    InternalServerError,
    InvalidFrom,
    InvalidNamespace,
    InvalidXml,
    NotAuthorized,
    NotWellFormed,
    PolicyViolation,
    RemoteConnectionFailed,
    Reset,
    ResourceConstraint,
    RestrictedXml,
    SeeOtherHost,
    SystemShutdown,
    UndefinedCondition,
    UnsupportedEncoding,
    UnsupportedFeature,
    UnsupportedStanzaType,
    UnsupportedVersion,
};

/// The element name, "bad-format".
std::string_view name(StreamCondition condition);

struct StreamError {
    StreamCondition condition = StreamCondition::UndefinedCondition;
    std::string text;        ///< for people, in English; may be empty
    std::string application; ///< an element of the application with its xmlns (§4.9.4), as XML; may be empty
    std::string otherHost;   ///< the content of see-other-host (§4.9.3.19)
};

/// Appends `<stream:error>`; the caller closes the stream behind it (§4.9.1.1).
void writeStreamError(wire::Wire &wire, std::string &out, const StreamError &error);

/// The error for bytes that the parser refuses.
StreamError toStreamError(xml::XmlFault fault, std::string detail);
/// The error for a failure of ours; its words stay in the log, not on the stream.
StreamError toStreamError(const base::Error &error);

} // namespace godwit::stream
