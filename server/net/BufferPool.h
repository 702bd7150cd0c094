// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace godwit::net
{

/// What a connection has not sent yet. Exists only while something waits.
struct OutputBuffer {
    std::string wire;           ///< bytes for the socket
    std::size_t wireSent = 0;   ///< of `wire`
    std::string plain;          ///< bytes that TLS has to encrypt first
    std::size_t plainCoded = 0; ///< of `plain`

    std::size_t waiting() const noexcept { return wire.size() - wireSent + plain.size() - plainCoded; }
};

/// Buffers that all connections of one thread share. Not thread-safe.
class BufferPool
{
public:
    static constexpr std::size_t inputBytes = 65536;

    /// Where input is read to; valid until the next read on this thread.
    std::span<char> input() noexcept { return m_input; }
    /// Where input is read to that TLS has to decrypt first.
    std::span<char> cipher() noexcept { return m_cipher; }

    std::unique_ptr<OutputBuffer> takeOutput();
    /// Keeps the buffer for the next connection unless there are enough or it grew too large.
    void giveBack(std::unique_ptr<OutputBuffer> output);

private:
    std::array<char, inputBytes> m_input;
    std::array<char, inputBytes> m_cipher;
    std::vector<std::unique_ptr<OutputBuffer>> m_outputs;
};

} // namespace godwit::net
