// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/Storable.h"

#include <array>

namespace godwit::ledger
{

namespace
{

constexpr std::string_view hints = "urn:xmpp:hints";

struct Payload {
    std::string_view name; ///< empty: any element of the namespace
    std::string_view ns;
};

/// What makes a message worth keeping although it has no body.
constexpr std::array payloads{
    Payload{"encrypted", "eu.siacs.conversations.axolotl"}, // OMEMO, legacy
    Payload{"encrypted", "urn:xmpp:omemo:2"},               // XEP-0384
    Payload{"encrypted", "urn:xmpp:omemo:1"},               // XEP-0384, older
    Payload{"openpgp", "urn:xmpp:openpgp:0"},               // XEP-0373
    Payload{"x", "jabber:x:encrypted"},                     // XEP-0027
    Payload{"encryption", "urn:xmpp:eme:0"},                // XEP-0380 names an encryption of any kind
    Payload{"received", "urn:xmpp:receipts"},               // XEP-0184
    Payload{"", "urn:xmpp:chat-markers:0"},                 // XEP-0333
    Payload{"reactions", "urn:xmpp:reactions:0"},           // XEP-0444
    Payload{"retract", "urn:xmpp:message-retract:1"},       // XEP-0424
    Payload{"retract", "urn:xmpp:message-retract:0"},
    Payload{"apply-to", "urn:xmpp:fasten:0"},         // XEP-0422
    Payload{"replace", "urn:xmpp:message-correct:0"}, // XEP-0308
    Payload{"x", "jabber:x:conference"},              // XEP-0249
    Payload{"", "urn:xmpp:jingle-message:0"},         // XEP-0353
    Payload{"", "urn:xmpp:call-invites:0"},           // XEP-0482
    Payload{"invite", "urn:xmpp:call-message:1"},
};

bool isMediatedInvite(xml::ElementView message)
{
    return static_cast<bool>(message.child("x", "http://jabber.org/protocol/muc#user")
                                 .child("invite", "http://jabber.org/protocol/muc#user"));
}

bool isNamedPayload(xml::ElementView child)
{
    for (const Payload &payload : payloads) {
        if (child.ns() == payload.ns && (payload.name.empty() || child.name() == payload.name)) {
            return true;
        }
    }
    return false;
}

/// What the children of a message say about keeping it.
struct Contents {
    bool worthKeeping = false;
    bool noStore = false;
    bool noPermanentStore = false;
    bool noCopy = false;
    bool isPrivate = false;
    bool mucUser = false;
};

Contents read(const xml::Stanza &stanza)
{
    Contents contents;
    const std::string_view contentNs = stanza.root().ns();
    for (const xml::ElementView child : xml::children(stanza.root())) {
        const std::string_view name = child.name();
        if (child.ns() == contentNs) {
            contents.worthKeeping |= name == "body" || name == "subject";
        } else if (child.ns() == hints) {
            contents.noStore |= name == "no-store";
            contents.noPermanentStore |= name == "no-permanent-store";
            contents.noCopy |= name == "no-copy";
            contents.worthKeeping |= name == "store";
        } else if (child.is("private", "urn:xmpp:carbons:2")) {
            contents.isPrivate = true;
        } else {
            contents.mucUser |= child.is("x", "http://jabber.org/protocol/muc#user");
            contents.worthKeeping |= isNamedPayload(child);
        }
    }
    contents.worthKeeping |= isMediatedInvite(stanza.root());
    return contents;
}

void hashElement(base::SipHash128 &hash, xml::ElementView element)
{
    const xml::Document &tree = *element.document();
    const xml::Document::Node &node = tree.node(element.index());
    hash.updateField(element.name());
    hash.updateField(element.ns());
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = tree.attribute(node.firstAttribute + i);
        hash.updateField(tree.text(attribute.name));
        hash.updateField(tree.text(attribute.value));
    }
    hash.updateField("");
    for (std::uint32_t at = node.firstChild; at != 0; at = tree.node(at).nextSibling) {
        if (tree.node(at).kind == xml::Document::Kind::Text) {
            hash.updateField("#text");
            hash.updateField(tree.text(tree.node(at).name));
        } else {
            hashElement(hash, xml::ElementView(&tree, at));
        }
    }
    hash.updateField("/");
}

} // namespace

Storability classify(const xml::Stanza &stanza, RecipientKind recipient)
{
    Storability result;
    if (stanza.kind != xml::StanzaKind::Message ||
        (stanza.type != xml::StanzaType::Chat && stanza.type != xml::StanzaType::Normal)) {
        return result;
    }
    const Contents contents = read(stanza);
    result.carbon =
        !contents.noCopy && !contents.isPrivate && (stanza.type == xml::StanzaType::Chat || contents.worthKeeping);
    if (contents.noStore || !contents.worthKeeping || recipient == RecipientKind::AnonymousAccount) {
        return result;
    }
    result.storable = true;
    result.permanent = !contents.noPermanentStore;
    return result;
}

std::optional<base::Hash128> resendKey(const base::SipKey &secret, std::string_view sender, const xml::Stanza &stanza)
{
    const xml::ElementView originId = stanza.root().child("origin-id", "urn:xmpp:sid:0");
    if (!originId || originId.attribute("id").empty()) {
        return std::nullopt;
    }
    base::SipHash128 hash(secret);
    hash.updateField(sender);
    hash.updateField(stanza.to.text());
    hash.updateField(xml::typeName(stanza.type));
    for (const xml::ElementView child : xml::children(stanza.root())) {
        // A client that sends again may say how late it is; the rest must be equal.
        if (!child.is("delay", "urn:xmpp:delay")) {
            hashElement(hash, child);
        }
    }
    return hash.finish();
}

bool answersByError(const xml::Stanza &stanza)
{
    return stanza.kind == xml::StanzaKind::Message && stanza.type == xml::StanzaType::Error && !stanza.id.empty();
}

base::Hash128 errorKey(const base::SipKey &secret, std::string_view sender, const xml::Stanza &error)
{
    base::SipHash128 hash(secret);
    hash.updateField("error");
    hash.updateField(sender);
    hash.updateField(error.to.bareText());
    hash.updateField(error.id);
    return hash.finish();
}

} // namespace godwit::ledger
