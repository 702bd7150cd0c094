// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/Stanza.h"

#include "base/Assert.h"
#include "xml/DocumentEditor.h"
#include "xml/ElementParser.h"
#include "xml/ElementScanner.h"
#include "xml/StanzaReader.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <array>
#include <utility>

namespace godwit::xml
{

namespace
{

using base::Error;
using base::ErrorCode;

struct TypeRow {
    StanzaKind kind;
    std::string_view value;
    StanzaType type;
};

constexpr std::array typeRows{
    TypeRow{StanzaKind::Message, "chat", StanzaType::Chat},
    TypeRow{StanzaKind::Message, "groupchat", StanzaType::Groupchat},
    TypeRow{StanzaKind::Message, "headline", StanzaType::Headline},
    TypeRow{StanzaKind::Message, "normal", StanzaType::Normal},
    TypeRow{StanzaKind::Message, "error", StanzaType::Error},
    TypeRow{StanzaKind::Presence, "unavailable", StanzaType::Unavailable},
    TypeRow{StanzaKind::Presence, "subscribe", StanzaType::Subscribe},
    TypeRow{StanzaKind::Presence, "subscribed", StanzaType::Subscribed},
    TypeRow{StanzaKind::Presence, "unsubscribe", StanzaType::Unsubscribe},
    TypeRow{StanzaKind::Presence, "unsubscribed", StanzaType::Unsubscribed},
    TypeRow{StanzaKind::Presence, "probe", StanzaType::Probe},
    TypeRow{StanzaKind::Presence, "error", StanzaType::Error},
    TypeRow{StanzaKind::Iq, "get", StanzaType::Get},
    TypeRow{StanzaKind::Iq, "set", StanzaType::Set},
    TypeRow{StanzaKind::Iq, "result", StanzaType::Result},
    TypeRow{StanzaKind::Iq, "error", StanzaType::Error},
};

/// Bounds for bytes that are ours already (a stored stanza, an answer that we wrote); the stream's limits were checked
/// when they came in. Above what can be configured for streams, since a rewritten stanza may have grown since: a quote
/// is six bytes in an attribute, and what answers or forwards a stanza puts elements around it.
constexpr XmlLimits ownLimits{134'217'728, 1'100, 1'100, 1'100'000};

/// Parsing outside of a stream has no pool at hand; what it keeps between calls is one parser a thread.
ElementParser &threadParser()
{
    static thread_local ElementParser parser;
    return parser;
}

/// Reads `bytes` as exactly one element.
bool parseOne(std::string_view bytes, const NamespaceSet &inherited)
{
    static thread_local ElementScanner scanner;
    scanner.reset(ElementScanner::Until::ElementEnd);
    std::size_t used = 0;
    const bool isOne = bytes.size() <= ownLimits.stanzaBytesMax && bytes.starts_with('<') &&
                       scanner.scan(bytes, ownLimits, used) == ElementScanner::Verdict::Complete &&
                       used == bytes.size();
    return isOne && threadParser().parse(bytes, {}, inherited);
}

const NamespaceSet &neutralSet()
{
    static const NamespaceSet set{{}, std::string(contentNamespace), std::string(contentNamespace), {}, {}};
    return set;
}

/// The length of `name='value'` with the space in front, when kept bytes have it at `at`; 0 otherwise.
std::size_t attributeSize(std::string_view bytes, std::size_t at, std::string_view opening)
{
    if (!bytes.substr(at).starts_with(opening)) {
        return 0;
    }
    return bytes.find('\'', at + opening.size()) + 1 - at;
}

} // namespace

std::string_view elementName(StanzaKind kind)
{
    switch (kind) {
    case StanzaKind::Message:
        return "message";
    case StanzaKind::Presence:
        return "presence";
    case StanzaKind::Iq:
        return "iq";
    }
    return {};
}

std::string_view typeName(StanzaType type)
{
    if (type == StanzaType::Normal) {
        return {};
    }
    for (const TypeRow &row : typeRows) {
        if (row.type == type) {
            return row.value;
        }
    }
    return {};
}

StanzaType readType(StanzaKind kind, std::string_view value)
{
    for (const TypeRow &row : typeRows) {
        if (row.kind == kind && row.value == value) {
            return row.type;
        }
    }
    if (kind == StanzaKind::Message) {
        return StanzaType::Normal;
    }
    return kind == StanzaKind::Presence && value.empty() ? StanzaType::Available : StanzaType::Unknown;
}

base::Result<Stanza> parseStanza(std::string_view bytes)
{
    if (!parseOne(bytes, neutralSet())) {
        return Error(ErrorCode::InvalidInput, "not one well-formed element");
    }
    if (!threadParser().facts().isStanza) {
        return Error(ErrorCode::InvalidInput, "not a stanza");
    }
    StanzaReader reader(threadParser(), bytes, neutralSet());
    if (!reader.read()) {
        return Error(ErrorCode::InvalidInput, threadParser().failure().detail);
    }
    if (!reader.reason().empty()) {
        return Error(ErrorCode::InvalidInput, reader.reason());
    }
    return std::move(reader.stanza());
}

bool parseDocument(std::string_view bytes, std::string_view contentNs, Document &document)
{
    NamespaceSet inherited;
    inherited.defaultNs = contentNs;
    if (!parseOne(bytes, inherited)) {
        return false;
    }
    document = threadParser().builder().copy();
    return true;
}

void restamp(Stanza &stanza)
{
    const std::string_view name = elementName(stanza.kind);
    const std::size_t begin = 1 + name.size();
    std::size_t end = begin + attributeSize(stanza.bytes, begin, " from='");
    end += attributeSize(stanza.bytes, end, " to='");
    std::string addresses;
    DocumentEditor editor(stanza.tree);
    const auto stamp = [&](std::string_view attribute, const jid::Jid &address) {
        if (address.empty()) {
            editor.removeRootAttribute(attribute);
            return;
        }
        editor.setRootAttribute(attribute, address.text());
        addresses += ' ';
        addresses += attribute;
        addresses += "='";
        appendEscapedAttribute(addresses, address.text());
        addresses += '\'';
    };
    stamp("from", stanza.from);
    stamp("to", stanza.to);
    stanza.bytes.replace(begin, end - begin, addresses);
    const auto shift = static_cast<std::ptrdiff_t>(addresses.size()) - static_cast<std::ptrdiff_t>(end - begin);
    editor.shiftRaw(static_cast<std::uint32_t>(end), shift);
}

void removeChild(Stanza &stanza, ElementView child)
{
    GW_ASSERT(child && child.document() == &stanza.tree);
    const Document::Node &node = stanza.tree.node(child.index());
    const std::uint32_t begin = node.rawBegin;
    const std::uint32_t end = node.rawEnd;
    DocumentEditor editor(stanza.tree);
    editor.unlinkRootChild(child.index());
    stanza.bytes.erase(begin, end - begin);
    editor.shiftRaw(end, -static_cast<std::ptrdiff_t>(end - begin));
}

std::size_t endTagOffset(std::string_view keptBytes, StanzaKind kind)
{
    const std::size_t tag = elementName(kind).size() + 3;
    GW_ASSERT(keptBytes.size() > tag);
    return keptBytes.size() - tag;
}

void declareContent(std::string &out, std::size_t from)
{
    constexpr std::string_view declaration = " xmlns='jabber:client'";
    out.insert(out.find_first_of(" />", from + 1), declaration);
}

} // namespace godwit::xml
