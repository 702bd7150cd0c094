// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A stanza: what routing needs of it, its tree, and its bytes, which are kept so that it can be passed on, stored and
// delivered without being written again.
#pragma once

#include "base/Result.h"
#include "jid/Jid.h"
#include "xml/Document.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::xml
{

enum class StanzaKind : std::uint8_t { Message, Presence, Iq };

/// The type attribute over all three kinds (RFC 6120 §8.2.3, RFC 6121 §4.7.1, §5.2.2). `Unknown` is an iq or presence
/// with a value no RFC knows; an unknown type of a message reads as Normal, as RFC 6121 §5.2.2 wants.
enum class StanzaType : std::uint8_t {
    Normal,
    Chat,
    Groupchat,
    Headline,
    Error,
    Available,
    Unavailable,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    Probe,
    Get,
    Set,
    Result,
    Unknown,
};

/// A stanza in its kept form. `bytes` is self-contained: `<message from='' to='' id='' type='' ...>children</message>`
/// with namespaces the children inherited from the stream written into the start tag, no default namespace declared
/// (it is that of whatever stream it is put on), always with an end tag, never `<message/>`. `tree` describes it, and
/// the raw offsets of its nodes point into `bytes`.
struct Stanza {
    StanzaKind kind = StanzaKind::Message;
    StanzaType type = StanzaType::Normal;
    jid::Jid from; ///< empty when absent
    jid::Jid to;   ///< empty when absent
    std::string id;
    std::string bytes;
    Document tree;

    ElementView root() const { return tree.root(); }
    bool isRequest() const { return kind == StanzaKind::Iq && (type == StanzaType::Get || type == StanzaType::Set); }
    /// The one child of an iq request; of other stanzas the first child.
    ElementView payload() const { return tree.root().child(); }
};

/// The name of the element: "message", "presence", "iq".
std::string_view elementName(StanzaKind kind);
/// The value of the type attribute, empty where the absence of the attribute says it.
std::string_view typeName(StanzaType type);

/// Parses complete bytes in kept form (from the store, a test, another shard).
base::Result<Stanza> parseStanza(std::string_view bytes);

/// Rewrites the start tag so that `from` and `to` are what the given stanza's fields say now, keeping all else; used
/// after the server stamped the sender. The tree's raw offsets are moved along.
void restamp(Stanza &stanza);

/// Cuts the child at `child` (a direct child of the root) out of the bytes and the tree.
void removeChild(Stanza &stanza, ElementView child);

/// Writes the content namespace into the start tag at `from` of `out`, which has a stanza in kept form from there on:
/// for where no stream's header is around it.
void declareContent(std::string &out, std::size_t from = 0);

/// Where something can be put in front of the end tag: the offset of `</message>` in kept bytes.
std::size_t endTagOffset(std::string_view keptBytes, StanzaKind kind);

} // namespace godwit::xml
