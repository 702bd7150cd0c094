// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The bytes this room writes itself, all in kept form: answers to requests, probes, presence for another recipient.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "jid/Jid.h"
#include "xml/Stanza.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::contacts
{

/// The stanza errors of this room (RFC 6120 §8.3.3), each with the type the RFC recommends.
enum class Condition : std::uint8_t {
    BadRequest,
    Forbidden,
    InternalServerError,
    ItemNotFound,
    JidMalformed,
    NotAcceptable,
    NotAllowed,
    PolicyViolation,
    ResourceConstraint,
};

/// What a failure of the store says to peers.
Condition conditionOf(base::ErrorCode code);

/// What an answer needs of the stanza it answers; outlives it.
struct Request {
    explicit Request(const xml::Stanza &stanza);

    xml::StanzaKind kind;
    jid::Jid from;
    jid::Jid to;
    std::string id;
};

/// `<iq type='result'>` with addresses swapped; `payload` is XML with its own namespace or empty.
std::string resultReply(const Request &request, std::string_view payload);
/// A stanza of type error with addresses swapped and without the request's content.
std::string errorReply(const Request &request, Condition condition);

/// A presence without content. `id` may be empty.
std::string plainPresence(const jid::Jid &from, const jid::Jid &to, xml::StanzaType type, std::string_view id = {});

/// One presence for many recipients: what does not depend on the recipient is made once, each copy is three appends.
/// The source's own `to`, if any, is left out.
class PresenceCopier
{
public:
    /// `keptBytes` must outlive the copier. `from` is written instead of the sender the bytes name.
    PresenceCopier(std::string_view keptBytes, const jid::Jid &from);
    std::string copyFor(std::string_view to) const;
    /// With `<delay/>` (XEP-0203): the presence is as old as `since`.
    std::string copyFor(std::string_view to, base::WallTime since, std::string_view stamper) const;

private:
    std::string m_head;      ///< `<presence from='..' to='`
    std::string_view m_rest; ///< from behind the addresses to the end
};

} // namespace godwit::contacts
