// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Wire.h"

#include "BoshWire.h"
#include "CompactWire.h"
#include "TcpWire.h"
#include "WebSocketWire.h"

namespace godwit::load
{

void Wire::ack(std::uint32_t h)
{
    nonza("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(h) + "'/>");
}

std::unique_ptr<Wire> makeWire(Loop &loop, const Endpoint &endpoint, WireUser &user)
{
    switch (endpoint.wire) {
    case WireKind::WebSocket:
        return std::make_unique<WebSocketWire>(loop, endpoint, user);
    case WireKind::Bosh:
        return std::make_unique<BoshWire>(loop, endpoint, user);
    case WireKind::Compact:
        return std::make_unique<CompactWire>(loop, endpoint, user);
    case WireKind::Tcp:
        break;
    }
    return std::make_unique<TcpWire>(loop, endpoint, user);
}

} // namespace godwit::load
