// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// XML over WebSocket (RFC 7395): one element a message.
#pragma once

#include "UpgradedWire.h"

namespace godwit::load
{

class WebSocketWire final : public UpgradedWire
{
public:
    WebSocketWire(Loop &loop, const Endpoint &endpoint, WireUser &user)
        : UpgradedWire(loop, endpoint, user, Opcode::Text)
    {
    }

    void openStream() override;
    void stanza(std::string_view element) override;
    void nonza(std::string_view element) override { sendMessage(element); }

private:
    [[nodiscard]] std::string_view subprotocol() const override { return "xmpp"; }
    [[nodiscard]] bool onMessage(std::string_view message) override;
    void sayGoodbye() override;
};

/// The element with the namespace of stanzas written in, where no stream around it says it.
[[nodiscard]] std::string withClientNamespace(std::string_view element);

} // namespace godwit::load
