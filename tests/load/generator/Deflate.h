// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// permessage-deflate (RFC 7692): both directions of one connection, at zlib's defaults.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <zlib.h>

namespace godwit::load
{

class Deflate
{
public:
    /// Whether what we send is compressed by what was sent before it.
    enum class Takeover { No, Yes };

    explicit Deflate(Takeover takeover = Takeover::Yes);
    ~Deflate();
    Deflate(const Deflate &) = delete;
    Deflate &operator=(const Deflate &) = delete;

    /// Appends the message as it goes into a frame.
    void compress(std::string_view message, std::string &out);
    /// Appends what a frame of the other side holds; false when it is damaged.
    [[nodiscard]] bool restore(std::string_view payload, std::string &out);

    /// What zlib has allocated for the two directions.
    [[nodiscard]] std::size_t heldBytes() const { return m_held; }

    /// Below it a message is sent as it is, as compression would make it longer.
    static constexpr std::size_t messageBytesMin = 64;

private:
    static voidpf allocate(voidpf self, uInt items, uInt size);
    static void release(voidpf self, voidpf block);
    [[nodiscard]] bool inflatePart(std::string_view part, std::string &out);

    z_stream m_out{};
    z_stream m_in{};
    std::size_t m_held = 0;
    Takeover m_takeover;
};

} // namespace godwit::load
