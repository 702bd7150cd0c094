// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/CompactWire.h"

#include "base/Log.h"
#include "compact/Sharing.h"
#include "wire/Framed.h"
#include "wire/FramingFault.h"

#include <utility>

namespace godwit::wire
{

namespace
{

/// What is written before it is coded; a thread needs one.
std::string &scratch()
{
    static thread_local std::string text;
    text.clear();
    return text;
}

} // namespace

CompactWire::CompactWire()
    : m_encoder(m_exchange)
    , m_decoder(m_exchange, &m_limits)
    , m_framing(websocket::MessageKind::Binary)
{
}

void CompactWire::feed(std::string_view bytes, xml::StreamHandler &handler)
{
    m_stopped = false;
    if (m_framing.ended()) {
        return;
    }
    m_handler = &handler;
    m_framing.feed(bytes, *this);
    m_handler = nullptr;
    if (const std::optional<websocket::CloseCode> failure = m_framing.failure()) {
        reportFraming(*failure, handler);
    }
}

void CompactWire::onMessage(std::string_view message)
{
    read(message);
    if (m_stopped) {
        m_framing.stop(m_ended ? std::string_view() : message);
    }
}

void CompactWire::read(std::string_view &message)
{
    while (!m_stopped && !m_ended) {
        base::Result<std::optional<compact::Frame>> frame = m_decoder.next(message);
        if (!frame) {
            fail(frame.error());
        } else if (*frame) {
            dispatch(std::move(**frame));
        } else {
            return;
        }
    }
}

void CompactWire::fail(const base::Error &error)
{
    const bool tooLarge = error.code() == base::ErrorCode::LimitExceeded;
    m_ended = true;
    m_refused = tooLarge ? websocket::CloseCode::TooBig : websocket::CloseCode::InvalidPayload;
    m_handler->onXmlFault(tooLarge ? xml::XmlFault::TooLarge : xml::XmlFault::NotWellFormed, error.context());
}

void CompactWire::onOpen(compact::Open &&open)
{
    m_awaitsOpen = false;
    m_handler->onStreamOpen(std::move(open.header));
}

void CompactWire::dispatch(compact::Frame &&frame)
{
    if (m_awaitsOpen && !std::holds_alternative<compact::Open>(frame) &&
        !std::holds_alternative<compact::Close>(frame)) {
        m_ended = true;
        m_handler->onXmlFault(xml::XmlFault::InvalidXml, "no open yet");
        return;
    }
    struct Visitor {
        CompactWire &wire;
        void operator()(compact::Open &&open) const { wire.onOpen(std::move(open)); }
        void operator()(compact::Close) const
        {
            wire.m_ended = true;
            wire.m_handler->onStreamClose();
        }
        void operator()(compact::Ack ack) const { wire.m_handler->onNonza(compact::elementOf(ack)); }
        void operator()(compact::AckRequest request) const { wire.m_handler->onNonza(compact::elementOf(request)); }
        void operator()(xml::Stanza &&stanza) const { wire.m_handler->onStanza(std::move(stanza)); }
        void operator()(xml::MalformedStanza &&stanza) const { wire.m_handler->onMalformedStanza(std::move(stanza)); }
        void operator()(xml::Nonza &&nonza) const { wire.m_handler->onNonza(std::move(nonza)); }
    };
    std::visit(Visitor{*this}, std::move(frame));
}

std::string CompactWire::takeRest()
{
    return m_framing.takeRest();
}

void CompactWire::setLimits(const xml::XmlLimits *limits)
{
    m_limits.messageBytesMax = limits->stanzaBytesMax;
    m_limits.stanzaBytesMax = limits->stanzaBytesMax;
    m_limits.depthMax = limits->depthMax;
    m_limits.elementsMax = limits->elementsMax;
    m_limits.attributesMax = limits->attributesMax;
    m_framing.setMessageBytesMax(limits->stanzaBytesMax);
}

std::size_t CompactWire::heldBytes() const
{
    return m_framing.heldBytes();
}

void CompactWire::open(std::string &out, const xml::StreamHeader &header)
{
    const std::size_t from = out.size();
    m_encoder.open(out, header);
    bound(out, from);
}

/// The frame that begins at `from` was appended.
void CompactWire::bound(std::string &out, std::size_t from)
{
    if (from > m_from && !compact::mayShareMessage(from - m_from, out.size() - from)) {
        const std::string frame = out.substr(from);
        out.resize(from);
        endMessage(out);
        out += frame;
    }
}

void CompactWire::endMessage(std::string &out)
{
    if (out.size() > m_from) {
        m_framing.sealMessage(out, m_from);
    }
    controlled(out);
}

/// What `out` ends with is whole.
void CompactWire::controlled(const std::string &out)
{
    m_from = static_cast<std::uint32_t>(out.size());
    m_open = 0;
}

void CompactWire::seal(std::string &out, std::string *taken)
{
    const std::size_t from = std::exchange(m_from, 0);
    const std::size_t added = out.size() - from;
    if (from == 0 && taken && compact::mayShareMessage(m_open, added)) {
        m_framing.extendMessage(*taken, m_open, added);
        m_open += static_cast<std::uint32_t>(added);
        return;
    }
    if (added > 0) {
        m_framing.sealMessage(out, from);
    }
    // Behind our close nothing is left of it.
    m_open = out.size() > from ? static_cast<std::uint32_t>(added) : 0;
}

std::size_t CompactWire::openBytes() const
{
    return m_open > 0 ? websocket::Framing::sealedBytes(m_open) : 0;
}

void CompactWire::element(std::string &out, std::string_view written)
{
    if (m_broken) {
        return;
    }
    const std::size_t from = out.size();
    const base::Result<base::Ok> result = m_encoder.written(out, written);
    if (result) {
        bound(out, from);
        return;
    }
    // The tables are out of step. What is not acked comes again when the client resumes, on whatever wire.
    m_broken = true;
    out.resize(from);
    endMessage(out);
    m_framing.close(out, websocket::CloseCode::GoingAway);
    controlled(out);
    base::log(base::LogLevel::Error, "wire", "an element has no compact form", {{"reason", result.error().context()}});
}

void CompactWire::stanza(std::string &out, Pieces pieces)
{
    nonza(out, pieces);
}

void CompactWire::sealStanza(std::string &out, std::size_t from)
{
    std::string &kept = scratch();
    kept.assign(out, from);
    out.resize(from);
    element(out, kept);
}

void CompactWire::nonza(std::string &out, Pieces pieces)
{
    if (pieces.size() == 1) {
        element(out, *pieces.begin());
        return;
    }
    std::string &text = scratch();
    for (std::string_view piece : pieces) {
        text += piece;
    }
    element(out, text);
}

void CompactWire::streamElement(std::string &out, StreamElement streamElement)
{
    std::string &text = scratch();
    appendStreamElement(text, streamElement);
    element(out, text);
}

void CompactWire::close(std::string &out)
{
    const std::size_t from = out.size();
    m_encoder.close(out);
    bound(out, from);
    endMessage(out);
    m_framing.close(out, m_refused.value_or(m_framing.failure().value_or(websocket::CloseCode::Normal)));
    controlled(out);
}

void CompactWire::whitespace(std::string &out)
{
    endMessage(out);
    m_framing.ping(out);
    controlled(out);
}

void CompactWire::takeReplies(std::string &out)
{
    std::string replies;
    m_framing.takeReplies(replies);
    if (!replies.empty()) {
        endMessage(out);
        out += replies;
        controlled(out);
    }
}

} // namespace godwit::wire
