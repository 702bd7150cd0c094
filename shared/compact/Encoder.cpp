// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Encoder.h"

#include "compact/Cbor.h"
#include "compact/ElementWriter.h"
#include "compact/Forms.h"
#include "compact/Frame.h"
#include "compact/KeptReader.h"
#include "compact/WriteShapes.h"
#include "xml/NamespaceSet.h"

#include <array>

namespace godwit::compact
{

namespace
{

/// A larger step is written as an absolute h.
constexpr std::uint32_t stepMax = 0xffff;
/// What a larger element has taken is given back.
constexpr std::size_t keptBytesMax = 65'536;
/// With so many offers of the other side open, all but the newest few are released.
constexpr std::uint64_t releaseAt = 96;
constexpr std::uint64_t keptOpen = 32;

/// What writing kept bytes needs and gives back; a thread has one, whatever the number of its connections.
struct Workspace {
    xml::DocumentBuilder builder;
    KeptReader reader{builder};
    WriteShapes shapes;
};

Workspace &workspace()
{
    static thread_local Workspace mine;
    return mine;
}

std::size_t attributeCount(xml::ElementView element)
{
    return element.document()->node(element.index()).attributeCount;
}

bool isEmpty(xml::ElementView element)
{
    return element.document()->node(element.index()).firstChild == 0;
}

/// The header that an <open/> says, if that is all it says.
std::optional<xml::StreamHeader> headerOf(xml::ElementView element)
{
    xml::StreamHeader header;
    header.to = element.attribute("to");
    header.from = element.attribute("from");
    header.id = element.attribute("id");
    header.version = element.attribute("version");
    header.language = element.attribute("lang", xml::xmlNamespace);
    std::size_t said = 0;
    for (const std::string *value : {&header.to, &header.from, &header.id, &header.version, &header.language}) {
        said += value->empty() ? 0 : 1;
    }
    return said == attributeCount(element) ? std::optional(std::move(header)) : std::nullopt;
}

} // namespace

Encoder::Encoder(Exchange &exchange, const TableSizes &sizes)
    : m_exchange(exchange)
    , m_tables(sizes)
    , m_sizes(sizes)
{
    GW_ASSERT(sizes.addresses <= tableSizesMax.addresses && sizes.ids <= tableSizesMax.ids &&
              sizes.names <= tableSizesMax.names);
}

void Encoder::open(std::string &out, const xml::StreamHeader &header)
{
    // Null, dictionary, tables and the five attributes; nulls at the end are left out.
    const std::array<const std::string *, 5> values{&header.to, &header.from, &header.id, &header.version,
                                                    &header.language};
    const bool saysTables = !m_opened && m_sizes != tableSizesMax;
    std::size_t count = m_opened ? 1 : (saysTables ? 3 : 2);
    for (std::size_t i = 0; i < values.size(); ++i) {
        count = values[i]->empty() ? count : 4 + i;
    }
    appendHead(out, Major::Array, count);
    appendNull(out);
    if (count > 1 && m_opened) {
        appendNull(out);
    } else if (count > 1) {
        appendHead(out, Major::Unsigned, dictionaryVersion);
    }
    if (saysTables) {
        appendHead(out, Major::Array, 3);
        appendHead(out, Major::Unsigned, m_sizes.addresses);
        appendHead(out, Major::Unsigned, m_sizes.ids);
        appendHead(out, Major::Unsigned, m_sizes.names);
    } else if (count > 2) {
        appendNull(out);
    }
    ValueWriter writer(out, m_tables, m_exchange);
    for (std::size_t i = 0; i + 3 < count; ++i) {
        if (values[i]->empty()) {
            appendNull(out);
        } else if (i < 2) {
            appendText(out, *values[i]);
        } else {
            writer.string(*values[i]);
        }
    }
    m_opened = true;
}

void Encoder::close(std::string &out)
{
    appendHead(out, Major::Simple, simpleFalse);
}

void Encoder::ack(std::string &out, std::uint32_t h)
{
    const std::uint32_t step = h - m_acked.value_or(0);
    if (m_acked && step <= stepMax) {
        appendHead(out, Major::Unsigned, step);
    } else {
        appendHead(out, Major::Negative, h);
    }
    m_acked = h;
}

void Encoder::ackRequest(std::string &out)
{
    appendHead(out, Major::Simple, simpleTrue);
}

bool Encoder::ownFrame(std::string &out, xml::ElementView element)
{
    if (!isEmpty(element)) {
        return false;
    }
    const std::size_t attributes = attributeCount(element);
    if (element.ns() == managementNamespace) {
        if (element.name() == "r" && attributes == 0) {
            ackRequest(out);
            return true;
        }
        const std::optional<std::uint64_t> h = decimalOf(element.attribute("h"));
        if (element.name() == "a" && attributes == 1 && h && *h <= negativeMax) {
            ack(out, static_cast<std::uint32_t>(*h));
            return true;
        }
        return false;
    }
    if (element.is("close", xml::framingNamespace) && attributes == 0) {
        close(out);
        return true;
    }
    if (element.is("open", xml::framingNamespace)) {
        if (const std::optional<xml::StreamHeader> header = headerOf(element)) {
            open(out, *header);
            return true;
        }
    }
    return false;
}

void Encoder::release(std::string &out)
{
    Offers &theirs = m_exchange.theirs;
    if (theirs.open() < releaseAt) {
        return;
    }
    const std::uint64_t below = theirs.count() - keptOpen;
    theirs.release(below);
    appendHead(out, Major::Array, 2);
    appendHead(out, Major::Simple, simpleFalse);
    appendHead(out, Major::Unsigned, below);
}

base::Result<base::Ok> Encoder::element(std::string &out, xml::ElementView element)
{
    GW_ASSERT(element);
    if (!m_failed && ownFrame(out, element)) {
        return base::Ok{};
    }
    return frame(out, element, nullptr);
}

base::Result<base::Ok> Encoder::frame(std::string &out, xml::ElementView element, WriteRecord *record)
{
    if (m_failed) {
        return base::Error(base::ErrorCode::LimitExceeded, "the tables are out of step");
    }
    const std::size_t begin = out.size();
    release(out);
    if (!ElementWriter(out, m_tables, m_exchange, *element.document(), record).frame(element.index())) {
        out.resize(begin);
        m_failed = true;
        return base::Error(base::ErrorCode::LimitExceeded, "elements too deep inside each other");
    }
    return base::Ok{};
}

base::Result<base::Ok> Encoder::written(std::string &out, std::string_view bytes)
{
    Workspace &work = workspace();
    if (const WriteShapes::Plan *plan = m_failed ? nullptr : work.shapes.find(bytes)) {
        release(out);
        ValueWriter writer(out, m_tables, m_exchange);
        work.shapes.write(*plan, out, writer);
        return base::Ok{};
    }
    if (work.reader.read(bytes, xml::contentNamespace)) {
        base::Result<base::Ok> result = fromTree(out, bytes);
        if (bytes.size() > keptBytesMax) {
            work.builder = xml::DocumentBuilder();
        }
        return result;
    }
    xml::Document document;
    if (!xml::parseDocument(bytes, xml::contentNamespace, document)) {
        return base::Error(base::ErrorCode::InvalidInput, "not one well-formed element");
    }
    return element(out, document.root());
}

/// Writes what the thread's reader has just read of `kept`, and learns its shape.
base::Result<base::Ok> Encoder::fromTree(std::string &out, std::string_view kept)
{
    Workspace &work = workspace();
    const xml::ElementView root = work.builder.document().root();
    // What is no stanza may have a frame of its own, and comes seldom.
    if (root.ns() != xml::contentNamespace || kept.size() > shapeBytesMax || !work.reader.isPlain() ||
        !work.shapes.wantsMore()) {
        return element(out, root);
    }
    WriteRecord record;
    base::Result<base::Ok> result = frame(out, root, &record);
    if (result) {
        work.shapes.learn(kept, record, out);
    }
    return result;
}

} // namespace godwit::compact
