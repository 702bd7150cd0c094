// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The TLS state of one connection as a function from bytes to bytes: no socket, so a connection reads and sends the
// same way with and without TLS, in one call each. Private to the room.
#pragma once

#include "base/Result.h"
#include "net/TlsContext.h"
#include "net/TlsInfo.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct bio_st;
struct bio_method_st;
struct ssl_st;

namespace godwit::net
{

class TlsSession
{
public:
    enum class Status : unsigned char {
        Done,   ///< the step was made
        Wants,  ///< all input is used up, more is needed
        Ended,  ///< the peer said that nothing more comes
        Failed, ///< failure() says why; a last alert may have been written
    };

    static base::Result<std::unique_ptr<TlsSession>> create(const TlsContext &context);
    ~TlsSession();
    TlsSession(const TlsSession &) = delete;
    TlsSession &operator=(const TlsSession &) = delete;

    /// Gives bytes of the peer; they must stay where they are until inputLeft() is empty or taken.
    void setInput(std::string_view bytes) noexcept { m_input = bytes; }
    std::string_view inputLeft() const noexcept { return m_input; }
    std::string_view takeInput() noexcept { return std::exchange(m_input, {}); }

    /// What TLS has to say to the peer is appended to `wire`.
    Status handshake(std::string &wire);
    /// Decrypts one record into `room` (at least 16 KiB, a whole record) and sets `count`.
    Status read(std::span<char> room, std::size_t &count, std::string &wire);
    /// Encrypts all of `plain`.
    Status write(std::string_view plain, std::string &wire);
    /// Writes close_notify.
    void shutdown(std::string &wire);

    const std::string &failure() const noexcept { return m_failure; }
    TlsInfo info() const;

    static constexpr std::size_t recordBytesMax = 16384;

private:
    TlsSession() = default;
    Status result(int status);
    static int readInput(bio_st *bio, char *to, std::size_t room, std::size_t *count);
    static int writeOutput(bio_st *bio, const char *from, std::size_t size, std::size_t *count);
    static const bio_method_st *method();

    ssl_st *m_native = nullptr;
    std::string_view m_input;
    std::string *m_wire = nullptr; ///< set during a call
    std::string m_failure;
};

} // namespace godwit::net
