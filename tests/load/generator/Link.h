// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// One TCP connection of a session: made, written at the end of the loop's turn, read when there is something.
#pragma once

#include "Endpoint.h"
#include "Loop.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::load
{

class Link;

/// Calls come from within the loop, or from within open(); a link is never destroyed during one, but may be closed.
class LinkUser
{
public:
    virtual ~LinkUser() = default;
    virtual void onLinkUp(Link &link) = 0;
    virtual void onLinkBytes(Link &link, std::string_view bytes) = 0;
    /// It could not be made, or is over without being asked to; `why` is empty when the server ended it in order.
    virtual void onLinkDown(Link &link, std::string why) = 0;
    /// The turn ends: the last chance to write in it.
    virtual void onLinkFlush(Link &) {}
};

class Link final : public Pollable
{
public:
    Link(Loop &loop, const Endpoint &endpoint, LinkUser &user);
    ~Link() override;
    Link(const Link &) = delete;
    Link &operator=(const Link &) = delete;

    /// Connects; `number` spreads source addresses, so that many sessions do not run out of ports.
    void open(unsigned number);
    /// Ends at once; with a reset, as a torn network would look to the server's next write.
    void close(bool reset);
    /// Stops or starts reading: a receiver that hangs.
    void setReading(bool reading);

    /// Queues bytes, which leave at the end of the loop's turn.
    void write(std::string_view bytes);
    /// Asks for onLinkFlush() at the end of this turn.
    void wantFlush();
    /// Gives the kernel what it takes of what is queued.
    void send();

    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    [[nodiscard]] bool isUp() const { return m_fd >= 0 && !m_connecting; }
    /// The kernel took not all of what was written; it has no room.
    [[nodiscard]] bool congested() const { return m_armed; }
    /// Bytes written here that the kernel has not taken yet.
    [[nodiscard]] std::size_t backlog() const { return m_out.size() - m_outAt; }

    void onEvents(std::uint32_t events) override;
    void onFlush() override;

private:
    [[nodiscard]] std::string dial(unsigned number);
    [[nodiscard]] std::string address() const;
    void fail(std::string why);
    void readSome();

    Loop &m_loop;
    const Endpoint &m_endpoint;
    LinkUser &m_user;
    int m_fd = -1;
    bool m_connecting = false;
    bool m_reading = true;
    bool m_dirty = false;
    bool m_armed = false; // EPOLLOUT is asked for
    std::string m_out;
    std::size_t m_outAt = 0;
};

} // namespace godwit::load
