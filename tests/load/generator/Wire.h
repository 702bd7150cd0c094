// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// How a session's elements travel. A session says and hears elements written as XML, whatever the wire makes of them:
//
//   session -> stanza, nonza, ack -> wire -> bytes -> Link        Link -> bytes -> wire -> onElement -> session
#pragma once

#include "Endpoint.h"
#include "Loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace godwit::load
{

/// The session above. Calls come from within the loop, or from within start().
class WireUser
{
public:
    virtual ~WireUser() = default;
    /// Connected: the stream may be opened.
    virtual void onWireUp() = 0;
    /// A whole element at the top of the stream. False: the wire was closed, and nothing more is to be read.
    virtual bool onElement(std::string_view element) = 0;
    /// The server said goodbye; false as above.
    virtual bool onStreamEnd() = 0;
    /// The server has the next `count` stanzas, on a wire that acknowledges() by itself.
    virtual bool onStanzasTaken(std::size_t count) = 0;
    /// The connection could not be made or is over; `why` is empty when the server ended it without a word.
    virtual void onWireDown(std::string why) = 0;
};

class Wire
{
public:
    virtual ~Wire() = default;

    /// Connects anew, with nothing left of a connection before; `number` spreads source addresses.
    virtual void start(unsigned number) = 0;
    /// Opens the stream, or opens it again after authentication.
    virtual void openStream() = 0;
    /// A message, presence or IQ without an xmlns of its own; it leaves at the end of the loop's turn.
    virtual void stanza(std::string_view element) = 0;
    /// Another element, with its xmlns.
    virtual void nonza(std::string_view element) = 0;
    /// XEP-0198 <a/> and <r/>, or what stands for them.
    virtual void ack(std::uint32_t h);
    virtual void requestAck() { nonza("<r xmlns='urn:xmpp:sm:3'/>"); }
    /// Ends the stream in order, as far as the kernel takes the words at once, and closes.
    virtual void leave() = 0;
    /// Ends at once; with a reset, as a torn network would.
    virtual void close(bool reset) = 0;
    virtual void setReading(bool reading) = 0;
    /// Tears the connections of a session that outlives them, until goOn(). False where they are all there is.
    virtual bool tear() { return false; }
    virtual void goOn() {}

    [[nodiscard]] virtual bool isOpen() const = 0;
    [[nodiscard]] virtual bool congested() const = 0;
    [[nodiscard]] virtual std::size_t backlog() const = 0;
    /// It has acks of its own, in both directions, and needs no XEP-0198.
    [[nodiscard]] virtual bool acknowledges() const { return false; }
};

/// All but the wire outlive it.
[[nodiscard]] std::unique_ptr<Wire> makeWire(Loop &loop, const Endpoint &endpoint, WireUser &user);

/// The most sockets that a session of this wire has.
[[nodiscard]] constexpr unsigned socketsOf(WireKind wire)
{
    return wire == WireKind::Bosh ? 2 : 1;
}

} // namespace godwit::load
