// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Stanza errors (RFC 6120 §8.3) and the one table that turns error codes into what peers see.
#pragma once

#include "base/Result.h"
#include "stream/StreamError.h"
#include "xml/Stanza.h"

#include <optional>
#include <string>
#include <string_view>

namespace godwit::stream
{

/// RFC 6120 §8.3.2.
enum class ErrorType : std::uint8_t { Auth, Cancel, Continue, Modify, Wait };

/// RFC 6120 §8.3.3, in its order.
enum class StanzaCondition : std::uint8_t {
    BadRequest,
    Conflict,
    FeatureNotImplemented,
    Forbidden,
    Gone,
    InternalServerError,
    ItemNotFound,
    JidMalformed,
    NotAcceptable,
    NotAllowed,
    NotAuthorized,
    PolicyViolation,
    RecipientUnavailable,
    Redirect,
    RegistrationRequired,
    RemoteServerNotFound,
    RemoteServerTimeout,
    ResourceConstraint,
    ServiceUnavailable,
    SubscriptionRequired,
    UndefinedCondition,
    UnexpectedRequest,
};

std::string_view name(ErrorType type);
std::string_view name(StanzaCondition condition);
/// The type that RFC 6120 §8.3.3 recommends for a condition.
ErrorType usualType(StanzaCondition condition);

struct StanzaError {
    StanzaError(StanzaCondition what, std::string words = {});
    StanzaError(ErrorType how, StanzaCondition what, std::string words = {});

    ErrorType type;
    StanzaCondition condition;
    std::string text;        ///< for people, in English; may be empty
    std::string application; ///< an element of the application with its xmlns, as XML; may be empty
    std::string newAddress;  ///< the content of gone and redirect: an XMPP URI
};

/// `<error type=''>...</error>` in the content namespace, to be put into a stanza.
std::string errorElement(const StanzaError &error);

/// The error that answers `request`, in kept form: from and to swapped, id kept, without the request's content.
/// Nothing when the request must not be answered by an error (RFC 6120 §8.3.1: an error; an iq result).
std::optional<std::string> errorReply(const xml::Stanza &request, const StanzaError &error);
/// An iq result in kept form with `payload` inside (XML with its own xmlns; may be empty). `request` is an iq get or
/// set.
std::string resultReply(const xml::Stanza &request, std::string_view payload);

/// What a code says to peers.
struct PeerView {
    ErrorType type;
    StanzaCondition stanza;
    StreamCondition stream;
};
PeerView peerView(base::ErrorCode code);
/// By the table; the words stay in the log.
StanzaError toStanzaError(const base::Error &error);

} // namespace godwit::stream
