// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What the wires over WebSocket share (RFC 6455): the handshake, frames, pings, the close. Derived wires say what the
// messages are.
#pragma once

#include "Deflate.h"
#include "HttpReader.h"
#include "Link.h"
#include "WebSocketFrames.h"
#include "Wire.h"

#include <memory>
#include <string>

namespace godwit::load
{

class UpgradedWire : public Wire, private LinkUser
{
public:
    UpgradedWire(Loop &loop, const Endpoint &endpoint, WireUser &user, Opcode kind);

    void start(unsigned number) override;
    void leave() override;
    void close(bool reset) override { m_link.close(reset); }
    void setReading(bool reading) override { m_link.setReading(reading); }
    [[nodiscard]] bool isOpen() const override { return m_link.isOpen(); }
    [[nodiscard]] bool congested() const override { return m_link.congested(); }
    [[nodiscard]] std::size_t backlog() const override { return m_link.backlog(); }

protected:
    [[nodiscard]] virtual std::string_view subprotocol() const = 0;
    /// False: the wire was closed, and nothing more is to be read.
    [[nodiscard]] virtual bool onMessage(std::string_view message) = 0;
    /// The connection is new.
    virtual void onReset() {}
    /// Writes the end of the stream.
    virtual void sayGoodbye() = 0;
    /// The turn ends: the last chance to send a message in it.
    virtual void onTurnEnd() {}

    void sendMessage(std::string_view message);
    void wantTurnEnd() { m_link.wantFlush(); }
    /// Closes and says why. Returns false, for onMessage().
    bool fail(std::string why);

    [[nodiscard]] const Endpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] WireUser &user() { return m_user; }

private:
    void onLinkUp(Link &link) override;
    void onLinkBytes(Link &link, std::string_view bytes) override;
    void onLinkDown(Link &, std::string why) override { m_user.onWireDown(std::move(why)); }
    void onLinkFlush(Link &) override;

    [[nodiscard]] std::string refusalOf(const HttpResponse &response);
    [[nodiscard]] bool onFrame(const WebSocketMessage &frame);
    void sendFrame(const WebSocketMessage &frame);

    const Endpoint &m_endpoint;
    WireUser &m_user;
    Link m_link;
    Opcode m_kind;
    bool m_upgraded = false;
    std::uint32_t m_mask;
    std::string m_key;
    HttpReader m_http;
    FrameReader m_frames;
    std::unique_ptr<Deflate> m_deflate;
};

} // namespace godwit::load
