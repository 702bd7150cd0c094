// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The compact wire (shared/README.md). The codec is the product's own, as it is what costs are asked of; that both ends
// read the specification alike is shown by its second implementation in tests/interop.
#pragma once

#include "UpgradedWire.h"

#include "compact/Decoder.h"
#include "compact/Encoder.h"

#include <optional>
#include <string>

namespace godwit::load
{

/// What one end keeps of a connection.
struct CompactEnd {
    compact::Exchange exchange;
    compact::Encoder encoder{exchange};
    compact::Decoder decoder{exchange};
};

class CompactWire final : public UpgradedWire
{
public:
    CompactWire(Loop &loop, const Endpoint &endpoint, WireUser &user);

    void openStream() override;
    void stanza(std::string_view element) override { write(element); }
    void nonza(std::string_view element) override { write(element); }
    void ack(std::uint32_t h) override;
    void requestAck() override;

private:
    [[nodiscard]] std::string_view subprotocol() const override { return "godwit.v1"; }
    [[nodiscard]] bool onMessage(std::string_view message) override;
    void onReset() override;
    void sayGoodbye() override;
    void onTurnEnd() override;

    void write(std::string_view element);
    [[nodiscard]] bool onFrame(compact::Frame &frame);

    std::optional<CompactEnd> m_codec;
    std::string m_out; // frames of this turn, which go into one message
    std::string m_trouble;
};

} // namespace godwit::load
