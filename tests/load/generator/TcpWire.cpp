// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "TcpWire.h"

namespace godwit::load
{

TcpWire::TcpWire(Loop &loop, const Endpoint &endpoint, WireUser &user)
    : m_endpoint(endpoint)
    , m_user(user)
    , m_link(loop, endpoint, *this)
{
}

void TcpWire::start(unsigned number)
{
    m_scanner.reset();
    m_link.open(number);
}

void TcpWire::openStream()
{
    m_link.write("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                 "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='" +
                 escape(m_endpoint.domain) + "'>");
}

void TcpWire::leave()
{
    if (m_link.isUp()) {
        m_link.write("</stream:stream>");
        m_link.send();
    }
    m_link.close(false);
}

void TcpWire::onLinkBytes(Link &, std::string_view bytes)
{
    const auto take = [this](Piece piece, std::string_view text) {
        switch (piece) {
        case Piece::StreamClose:
            return m_user.onStreamEnd();
        case Piece::Element:
            return m_user.onElement(text);
        case Piece::StreamOpen:
            break;
        }
        return true;
    };
    if (!m_scanner.feed(bytes, take)) {
        m_link.close(false);
        m_user.onWireDown("the server sent what is no XML stream: " + std::string(bytes.substr(0, 80)));
    }
}

} // namespace godwit::load
