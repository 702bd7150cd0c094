// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// An XML stream over plain TCP (RFC 6120).
#pragma once

#include "Link.h"
#include "Scanner.h"
#include "Wire.h"

namespace godwit::load
{

class TcpWire final : public Wire, private LinkUser
{
public:
    TcpWire(Loop &loop, const Endpoint &endpoint, WireUser &user);

    void start(unsigned number) override;
    void openStream() override;
    void stanza(std::string_view element) override { m_link.write(element); }
    void nonza(std::string_view element) override { m_link.write(element); }
    void leave() override;
    void close(bool reset) override { m_link.close(reset); }
    void setReading(bool reading) override { m_link.setReading(reading); }
    [[nodiscard]] bool isOpen() const override { return m_link.isOpen(); }
    [[nodiscard]] bool congested() const override { return m_link.congested(); }
    [[nodiscard]] std::size_t backlog() const override { return m_link.backlog(); }

private:
    void onLinkUp(Link &) override { m_user.onWireUp(); }
    void onLinkBytes(Link &link, std::string_view bytes) override;
    void onLinkDown(Link &, std::string why) override { m_user.onWireDown(std::move(why)); }

    const Endpoint &m_endpoint;
    WireUser &m_user;
    Link m_link;
    Scanner m_scanner;
};

} // namespace godwit::load
