// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Support.h"

#include "compact/Cbor.h"
#include "xml/DocumentBuilder.h"
#include "xml/NamespaceSet.h"
#include "xml/XmlWriter.h"

namespace godwit::test
{

using namespace compact;

std::string fromHex(std::string_view digits)
{
    const QByteArray decoded = QByteArray::fromHex(bytes(digits));
    return std::string(view(decoded));
}

xml::Document tree(std::string_view written)
{
    xml::Document document;
    if (!xml::parseDocument(written, xml::contentNamespace, document)) {
        qFatal("not one element: %s", bytes(written).constData());
    }
    return document;
}

namespace
{

xml::Document management(std::string_view name, std::string_view h)
{
    xml::DocumentBuilder builder;
    builder.open(name, "urn:xmpp:sm:3");
    if (!h.empty()) {
        builder.attribute("h", h);
    }
    builder.close();
    return builder.copy();
}

xml::Document framing(std::string_view name, const xml::StreamHeader &header)
{
    std::string out;
    xml::XmlWriter writer(out);
    writer.open(name, xml::framingNamespace);
    writer.attributeIf("to", header.to).attributeIf("from", header.from).attributeIf("id", header.id);
    writer.attributeIf("version", header.version).attributeIf("xml:lang", header.language).close();
    return tree(out);
}

struct TreeOf {
    xml::Document operator()(const Open &open) const { return framing("open", open.header); }
    xml::Document operator()(const Close &) const { return framing("close", {}); }
    xml::Document operator()(const Ack &ack) const { return management("a", std::to_string(ack.h)); }
    xml::Document operator()(const AckRequest &) const { return management("r", {}); }
    xml::Document operator()(const xml::Stanza &stanza) const { return stanza.tree; }
    xml::Document operator()(const xml::MalformedStanza &malformed) const { return malformed.stanza.tree; }
    xml::Document operator()(const xml::Nonza &nonza) const { return nonza.tree; }
};

} // namespace

xml::Document treeOf(const Frame &frame)
{
    return std::visit(TreeOf{}, frame);
}

QByteArray written(const xml::Document &document)
{
    std::string out;
    xml::XmlWriter(out).element(document.root(), xml::contentNamespace);
    return bytes(out);
}

Direction::Direction(const TableSizes &sizes, const Limits *limits)
    : m_encoder(m_here, sizes)
    , m_decoder(m_there, limits)
{
    std::string out;
    m_encoder.open(out, {});
    if (!decode(out)) {
        qFatal("the open is refused");
    }
}

std::string Direction::encode(xml::ElementView element)
{
    std::string out;
    const base::Result<base::Ok> result = m_encoder.element(out, element);
    return result ? out : std::string();
}

std::optional<std::vector<Frame>> Direction::decode(std::string_view message)
{
    std::vector<Frame> frames;
    while (true) {
        base::Result<std::optional<Frame>> frame = m_decoder.next(message);
        if (!frame) {
            m_error = frame.error();
            return std::nullopt;
        }
        if (!*frame) {
            return frames;
        }
        frames.push_back(std::move(**frame));
    }
}

QByteArray Direction::whatIsLost(const xml::Document &document, std::size_t *size)
{
    const std::string message = encode(document.root());
    if (message.empty()) {
        return "not encoded";
    }
    if (size) {
        *size = message.size();
    }
    const std::optional<std::vector<Frame>> frames = decode(message);
    if (!frames) {
        return "refused: " + bytes(m_error->text()) + ": " + hex(message);
    }
    if (frames->size() != 1) {
        return "not one frame: " + hex(message);
    }
    const xml::Document back = treeOf(frames->front());
    if (!xml::sameInfoset(back.root(), document.root())) {
        return "became " + written(back) + " by " + hex(message);
    }
    return {};
}

namespace
{

void collect(CborReader &reader, std::vector<std::string> &found)
{
    // Items that are still to come; a stack would say where, which nobody asks.
    std::uint64_t items = 1;
    while (items > 0) {
        Head head;
        if (!reader.read(head)) {
            qFatal("not CBOR: %s", reader.fault());
        }
        --items;
        switch (head.major) {
        case Major::Text:
        case Major::Bytes:
            found.emplace_back(reader.take(head.argument));
            break;
        case Major::Array:
            items += head.argument;
            break;
        case Major::Map:
            items += 2 * head.argument;
            break;
        case Major::Tag:
            ++items;
            break;
        default:
            break;
        }
    }
}

} // namespace

std::vector<std::string> stringsIn(std::string_view message)
{
    std::vector<std::string> found;
    CborReader reader(message);
    while (!reader.rest().empty()) {
        collect(reader, found);
    }
    return found;
}

} // namespace godwit::test
