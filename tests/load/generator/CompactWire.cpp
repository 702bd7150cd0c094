// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "CompactWire.h"

#include "compact/Sharing.h"
#include "xml/XmlWriter.h"

#include <utility>
#include <variant>

namespace godwit::load
{

CompactWire::CompactWire(Loop &loop, const Endpoint &endpoint, WireUser &user)
    : UpgradedWire(loop, endpoint, user, Opcode::Binary)
{
}

void CompactWire::onReset()
{
    m_codec.emplace();
    m_out.clear();
    m_trouble.clear();
}

void CompactWire::openStream()
{
    xml::StreamHeader header;
    header.to = endpoint().domain;
    header.version = "1.0";
    m_codec->encoder.open(m_out, header);
    wantTurnEnd();
}

void CompactWire::write(std::string_view element)
{
    const std::size_t before = m_out.size();
    if (const auto written = m_codec->encoder.written(m_out, element); !written) {
        m_trouble = "an element cannot be written: " + written.error().text();
    }
    if (before > 0 && !compact::mayShareMessage(before, m_out.size() - before)) {
        std::string frame = m_out.substr(before);
        m_out.resize(before);
        onTurnEnd();
        m_out = std::move(frame);
    }
    wantTurnEnd();
}

void CompactWire::ack(std::uint32_t h)
{
    m_codec->encoder.ack(m_out, h);
    wantTurnEnd();
}

void CompactWire::requestAck()
{
    m_codec->encoder.ackRequest(m_out);
    wantTurnEnd();
}

void CompactWire::onTurnEnd()
{
    if (!m_trouble.empty()) {
        fail(std::exchange(m_trouble, {}));
    } else if (!m_out.empty()) {
        sendMessage(m_out);
        m_out.clear();
    }
}

void CompactWire::sayGoodbye()
{
    m_codec->encoder.close(m_out);
    onTurnEnd();
}

bool CompactWire::onMessage(std::string_view message)
{
    while (!message.empty()) {
        auto frame = m_codec->decoder.next(message);
        if (!frame) {
            return fail("the server breaks the compact wire: " + frame.error().text());
        }
        if (!*frame) {
            return true;
        }
        if (!onFrame(**frame)) {
            return false;
        }
    }
    return true;
}

bool CompactWire::onFrame(compact::Frame &frame)
{
    if (const auto *stanza = std::get_if<xml::Stanza>(&frame)) {
        return user().onElement(stanza->bytes);
    }
    if (const auto *ack = std::get_if<compact::Ack>(&frame)) {
        return user().onElement("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(ack->h) + "'/>");
    }
    if (std::holds_alternative<compact::AckRequest>(frame)) {
        return user().onElement("<r xmlns='urn:xmpp:sm:3'/>");
    }
    if (const auto *nonza = std::get_if<xml::Nonza>(&frame)) {
        std::string text;
        xml::XmlWriter(text).element(nonza->tree.root(), {});
        return user().onElement(text);
    }
    if (std::holds_alternative<compact::Close>(frame)) {
        return user().onStreamEnd();
    }
    return std::holds_alternative<compact::Open>(frame) || fail("the server sent a stanza that makes no sense");
}

} // namespace godwit::load
