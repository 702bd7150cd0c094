// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Deflate.h"

#include <array>
#include <cstdlib>

namespace godwit::load
{

namespace
{

constexpr int windowBits = -MAX_WBITS; // raw, with the window that is agreed on when nobody says another one
constexpr int memoryLevel = 8;
// RFC 7692 §7.2.1: the end of a flush, which is not sent.
constexpr std::string_view flushTail("\0\0\xff\xff", 4);

Bytef *bytesOf(std::string_view text)
{
    // zlib reads its input only.
    return reinterpret_cast<Bytef *>(const_cast<char *>(text.data())); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

} // namespace

Deflate::Deflate(Takeover takeover)
    : m_takeover(takeover)
{
    for (z_stream *stream : {&m_out, &m_in}) {
        stream->zalloc = &Deflate::allocate;
        stream->zfree = &Deflate::release;
        stream->opaque = this;
    }
    if (deflateInit2(&m_out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY) != Z_OK ||
        inflateInit2(&m_in, windowBits) != Z_OK) {
        std::abort();
    }
}

Deflate::~Deflate()
{
    deflateEnd(&m_out);
    inflateEnd(&m_in);
}

voidpf Deflate::allocate(voidpf self, uInt items, uInt size)
{
    static_cast<Deflate *>(self)->m_held += std::size_t{items} * size;
    return std::calloc(items, size);
}

void Deflate::release(voidpf, voidpf block)
{
    std::free(block);
}

void Deflate::compress(std::string_view message, std::string &out)
{
    if (m_takeover == Takeover::No) {
        deflateReset(&m_out);
    }
    m_out.next_in = bytesOf(message);
    m_out.avail_in = static_cast<uInt>(message.size());
    std::array<char, 4096> room;
    do {
        m_out.next_out = reinterpret_cast<Bytef *>(room.data());
        m_out.avail_out = static_cast<uInt>(room.size());
        deflate(&m_out, Z_SYNC_FLUSH);
        out.append(room.data(), room.size() - m_out.avail_out);
    } while (m_out.avail_out == 0);
    out.resize(out.size() - flushTail.size());
}

bool Deflate::restore(std::string_view payload, std::string &out)
{
    return inflatePart(payload, out) && inflatePart(flushTail, out);
}

bool Deflate::inflatePart(std::string_view part, std::string &out)
{
    m_in.next_in = bytesOf(part);
    m_in.avail_in = static_cast<uInt>(part.size());
    std::array<char, 4096> room;
    do {
        m_in.next_out = reinterpret_cast<Bytef *>(room.data());
        m_in.avail_out = static_cast<uInt>(room.size());
        const int status = inflate(&m_in, Z_SYNC_FLUSH);
        out.append(room.data(), room.size() - m_in.avail_out);
        // Z_BUF_ERROR: there was nothing left to do.
        if (status != Z_OK && status != Z_BUF_ERROR) {
            return false;
        }
    } while (m_in.avail_out == 0);
    return m_in.avail_in == 0;
}

} // namespace godwit::load
