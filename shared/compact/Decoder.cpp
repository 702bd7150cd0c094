// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Decoder.h"

#include "compact/ElementReader.h"
#include "xml/NamespaceSet.h"

#include <algorithm>
#include <array>

namespace godwit::compact
{

namespace
{

constexpr Limits defaultLimits;
/// What a large value has taken is given back behind its frame.
constexpr std::size_t scratchBytesMax = 65'536;

/// What reading a frame needs and gives back; a thread has one, whatever the number of its connections.
struct Workspace {
    Assembler assembler;
    std::string scratch;
    ReadShapes shapes;
    ReadRecord record;

    /// What was assembled. A stanza is large, so it is made where it stays.
    void takeFrame(std::optional<Frame> &frame)
    {
        if (!assembler.isStanza()) {
            frame.emplace(xml::Nonza{assembler.takeDocument()});
        } else if (assembler.reason().empty()) {
            assembler.takeStanza(std::get<xml::Stanza>(frame.emplace(std::in_place_type<xml::Stanza>)));
        } else {
            auto &malformed = std::get<xml::MalformedStanza>(frame.emplace(std::in_place_type<xml::MalformedStanza>));
            assembler.takeStanza(malformed.stanza);
            malformed.reason = assembler.reason();
        }
    }

    void shrink()
    {
        assembler.shrink();
        if (scratch.capacity() > scratchBytesMax) {
            scratch = std::string();
        }
    }
};

Workspace &workspace()
{
    static thread_local Workspace mine;
    return mine;
}

/// A value of an open frame, or null.
bool readOptional(ValueReader &values, CborReader &reader, bool isText, std::string &into)
{
    if (reader.atNull()) {
        reader.take(1);
        return true;
    }
    std::string_view text;
    if (!(isText ? values.plainText(text) : values.value(Kind::String, text))) {
        return false;
    }
    into = text;
    return true;
}

} // namespace

Decoder::Decoder(Exchange &exchange, const Limits *limits)
    : m_exchange(exchange)
    , m_limits(limits)
    , m_tables(tableSizesMax)
{
}

Decoder::Result Decoder::fail(base::ErrorCode code, const char *reason)
{
    m_failed = true;
    return base::Error(code, reason ? reason : "broken frame");
}

Decoder::Result Decoder::next(std::string_view &message)
{
    if (m_failed) {
        return failRead("nothing is read after an error");
    }
    const Limits &limits = m_limits ? *m_limits : defaultLimits;
    if (message.size() > limits.messageBytesMax) {
        return fail(base::ErrorCode::LimitExceeded, "a message that is too large");
    }
    return message.empty() ? Result(std::optional<Frame>()) : readFrames(message);
}

/// Some frames are nothing to the caller; the first one that is not such is made where it stays.
Decoder::Result Decoder::readFrames(std::string_view &message)
{
    bool skipped = false;
    CborReader reader(message);
    Result frame = read(reader, skipped);
    while (frame && skipped && !reader.rest().empty()) {
        frame = read(reader, skipped);
    }
    message = frame ? reader.rest() : std::string_view();
    return frame;
}

Decoder::Result Decoder::acked(std::uint32_t h)
{
    m_acked = h;
    return std::optional<Frame>(Ack{h});
}

Decoder::Result Decoder::read(CborReader &reader, bool &skipped)
{
    Head head;
    const std::string_view frame = reader.rest();
    skipped = false;
    if (!reader.read(head)) {
        return failRead(reader.fault());
    }
    const bool opens = head.major == Major::Array && reader.atNull();
    if (m_peerDictionary == 0 && !opens) {
        return failRead("a frame before the open");
    }
    switch (head.major) {
    case Major::Unsigned:
        if (!m_acked || head.argument > negativeMax) {
            return failRead("an ack that has nothing to count from");
        }
        return acked(*m_acked + static_cast<std::uint32_t>(head.argument));
    case Major::Negative:
        return acked(static_cast<std::uint32_t>(head.argument));
    case Major::Simple:
        if (head.argument == simpleTrue) {
            return std::optional<Frame>(AckRequest{});
        }
        return head.argument == simpleFalse ? std::optional<Frame>(Close{}) : failRead("null is no frame");
    case Major::Array:
        return readArray(reader, frame, head.argument, skipped);
    case Major::Bytes:
        reader.take(head.argument);
        skipped = true;
        return std::optional<Frame>();
    default:
        return failRead("an unknown frame");
    }
}

/// What `frame` begins with, whose head `reader` has read.
Decoder::Result Decoder::readArray(CborReader &reader, std::string_view frame, std::uint64_t items, bool &skipped)
{
    if (items > 0 && reader.atNull()) {
        return readOpen(reader, items);
    }
    if (items > 0 && reader.atFalse()) {
        skipped = true;
        return readRelease(reader, items);
    }
    return readElement(reader, frame, items);
}

Decoder::Result Decoder::readRelease(CborReader &reader, std::uint64_t items)
{
    Head head;
    reader.take(1);
    if (items != 2 || !reader.read(head) || head.major != Major::Unsigned || !m_exchange.ours.release(head.argument)) {
        return failRead("a release of what was not offered");
    }
    return std::optional<Frame>();
}

bool Decoder::readTables(CborReader &reader)
{
    Head head;
    if (!reader.read(head) || !head.is(Major::Array, 3)) {
        return false;
    }
    std::array<std::uint32_t, 3> sizes{};
    const std::array<std::uint32_t, 3> most{tableSizesMax.addresses, tableSizesMax.ids, tableSizesMax.names};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (!reader.read(head) || head.major != Major::Unsigned || head.argument > most[i]) {
            return false;
        }
        sizes[i] = static_cast<std::uint32_t>(head.argument);
    }
    m_tables.resize(TableSizes{sizes[0], sizes[1], sizes[2]});
    return true;
}

Decoder::Result Decoder::readOpen(CborReader &reader, std::uint64_t items)
{
    constexpr std::uint64_t itemsMax = 8;
    const bool isFirst = m_peerDictionary == 0;
    if (items > itemsMax || (isFirst && items < 2)) {
        return failRead("an open of the wrong length");
    }
    reader.take(1);
    --items;
    if (items > 0) {
        --items;
        Head head;
        if (!reader.read(head)) {
            return failRead(reader.fault());
        }
        const bool isVersion = head.major == Major::Unsigned && head.argument > 0;
        if (isFirst ? !isVersion : !head.is(Major::Simple, simpleNull)) {
            return failRead("an open without the version of a dictionary, or a later one with it");
        }
        m_peerDictionary =
            isFirst ? static_cast<std::uint32_t>(std::min(head.argument, negativeMax)) : m_peerDictionary;
    }
    if (items > 0) {
        --items;
        if (reader.atNull()) {
            reader.take(1);
        } else if (!isFirst || !readTables(reader)) {
            return failRead("an open with other tables than there can be");
        }
    }
    Open open;
    ValueReader values(reader, m_tables, m_exchange, workspace().scratch);
    const std::array<std::string *, 5> said{&open.header.to, &open.header.from, &open.header.id, &open.header.version,
                                            &open.header.language};
    for (std::size_t i = 0; items > 0; ++i, --items) {
        if (!readOptional(values, reader, i < 2, *said[i])) {
            return failRead(values.fault());
        }
    }
    open.header.contentNs = xml::contentNamespace;
    m_language = open.header.language;
    return std::optional<Frame>(std::move(open));
}

Decoder::Result Decoder::readElement(CborReader &reader, std::string_view frame, std::uint64_t items)
{
    Workspace &work = workspace();
    const ReadShapes::Context context{m_limits ? *m_limits : defaultLimits, m_language, m_tables, m_exchange};
    Result result = std::optional<Frame>();
    if (const std::size_t size = work.shapes.find(frame, context); size > 0) {
        reader.take(size - (frame.size() - reader.rest().size()));
        xml::Stanza &stanza = std::get<xml::Stanza>(result->emplace(std::in_place_type<xml::Stanza>));
        if (const char *fault = work.shapes.read(context, stanza)) {
            result = failRead(fault);
        } else if (stanza.bytes.size() > context.limits.stanzaBytesMax) {
            result = fail(base::ErrorCode::LimitExceeded, "an element that is too large");
        }
        return result;
    }
    const bool learns = work.shapes.wantsMore();
    work.record.clear();
    work.assembler.begin(context.limits, m_language);
    ElementReader element(reader, m_tables, m_exchange, work.assembler, work.scratch, learns ? &work.record : nullptr);
    if (!element.frame(items)) {
        const auto code = element.isOverLimit() ? base::ErrorCode::LimitExceeded : base::ErrorCode::InvalidInput;
        result = fail(code, element.fault());
        return result;
    }
    work.takeFrame(*result);
    if (const auto *stanza = std::get_if<xml::Stanza>(&**result); stanza && learns) {
        work.shapes.learn(frame.substr(0, frame.size() - reader.rest().size()), work.record, *stanza,
                          Assembler::textBegin, m_language);
    }
    work.shrink();
    return result;
}

} // namespace godwit::compact
