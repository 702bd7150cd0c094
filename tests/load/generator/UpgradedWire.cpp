// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "UpgradedWire.h"

#include "Sasl.h"
#include "Session.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>

namespace godwit::load
{

namespace
{

/// RFC 6455 §4.2.2: what the server has to answer to the key.
std::string acceptOf(std::string_view key)
{
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    return base64(std::string_view(reinterpret_cast<const char *>(digest.data()), size));
}

} // namespace

UpgradedWire::UpgradedWire(Loop &loop, const Endpoint &endpoint, WireUser &user, Opcode kind)
    : m_endpoint(endpoint)
    , m_user(user)
    , m_link(loop, endpoint, *this)
    , m_kind(kind)
{
    const std::string dice = randomToken(sizeof m_mask);
    std::memcpy(&m_mask, dice.data(), sizeof m_mask);
}

void UpgradedWire::start(unsigned number)
{
    m_upgraded = false;
    m_http.reset();
    m_frames.reset();
    m_deflate.reset();
    onReset();
    m_link.open(number);
}

void UpgradedWire::onLinkUp(Link &link)
{
    m_key = base64(randomToken(16));
    link.write("GET /xmpp-websocket HTTP/1.1\r\nHost: " + m_endpoint.domain +
               "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
               m_key + "\r\nSec-WebSocket-Protocol: " + std::string(subprotocol()) +
               (m_endpoint.compression ? "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n" : "\r\n\r\n"));
}

/// Why the handshake failed; empty when it did not.
std::string UpgradedWire::refusalOf(const HttpResponse &response)
{
    if (response.status != 101) {
        return "the server refused the WebSocket: " + response.head.substr(0, response.head.find("\r\n"));
    }
    if (response.field("sec-websocket-accept") != acceptOf(m_key)) {
        return "the server's answer to the WebSocket's key is wrong";
    }
    if (response.field("sec-websocket-protocol") != subprotocol()) {
        return "the server does not speak '" + std::string(subprotocol()) + "'";
    }
    const std::string_view extensions = response.field("sec-websocket-extensions");
    if (m_endpoint.compression != extensions.starts_with("permessage-deflate")) {
        return m_endpoint.compression ? "the server offers no permessage-deflate" : "the server compresses unasked";
    }
    if (m_endpoint.compression) {
        const bool reset = extensions.find("client_no_context_takeover") != std::string_view::npos;
        m_deflate = std::make_unique<Deflate>(reset ? Deflate::Takeover::No : Deflate::Takeover::Yes);
    }
    return {};
}

void UpgradedWire::onLinkBytes(Link &, std::string_view bytes)
{
    if (!m_upgraded) {
        const HttpReader::Outcome outcome = m_http.feed(bytes);
        if (outcome == HttpReader::Outcome::NeedMore) {
            return;
        }
        std::string refusal = outcome == HttpReader::Outcome::Broken ? std::string("the server does not speak HTTP")
                                                                     : refusalOf(m_http.response());
        if (!refusal.empty()) {
            fail(std::move(refusal));
            return;
        }
        m_upgraded = true;
        m_user.onWireUp();
    }
    if (!m_frames.feed(bytes, [this](const WebSocketMessage &frame) { return onFrame(frame); })) {
        fail("the server breaks the framing of RFC 6455");
    }
}

bool UpgradedWire::onFrame(const WebSocketMessage &frame)
{
    if (frame.opcode == Opcode::Ping) {
        sendFrame({Opcode::Pong, false, frame.payload});
        return true;
    }
    if (frame.opcode == Opcode::Pong) {
        return true;
    }
    if (frame.opcode == Opcode::Close) {
        m_link.close(false);
        m_user.onWireDown({});
        return false;
    }
    if (frame.opcode != m_kind || (frame.compressed && !m_deflate)) {
        return fail("the server sent a WebSocket message of a kind that was not agreed on");
    }
    if (!frame.compressed) {
        return onMessage(frame.payload);
    }
    std::string restored;
    if (!m_deflate->restore(frame.payload, restored)) {
        return fail("the server sent a compressed message that is damaged");
    }
    return onMessage(restored);
}

bool UpgradedWire::fail(std::string why)
{
    m_link.close(false);
    m_user.onWireDown(std::move(why));
    return false;
}

void UpgradedWire::sendMessage(std::string_view message)
{
    if (!m_deflate || message.size() < Deflate::messageBytesMin) {
        sendFrame({m_kind, false, message});
        return;
    }
    std::string compressed;
    m_deflate->compress(message, compressed);
    sendFrame({m_kind, true, compressed});
}

void UpgradedWire::sendFrame(const WebSocketMessage &frame)
{
    // RFC 6455 §5.3 wants masks that proxies cannot foresee; there is none here.
    m_mask = m_mask * 1'664'525U + 1'013'904'223U;
    static std::string text;
    text.clear();
    appendFrame(text, frame, m_mask);
    m_link.write(text);
}

void UpgradedWire::onLinkFlush(Link &link)
{
    if (m_upgraded && link.isOpen()) {
        onTurnEnd();
    }
}

void UpgradedWire::leave()
{
    if (m_upgraded && m_link.isOpen()) {
        sayGoodbye();
        sendFrame({Opcode::Close, false, "\x03\xe8"});
        m_link.send();
    }
    m_link.close(false);
}

} // namespace godwit::load
