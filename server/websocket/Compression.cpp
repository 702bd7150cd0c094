// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "websocket/Compression.h"

#include "base/Assert.h"

#include <zlib.h>

#include <array>

namespace godwit::websocket
{

namespace
{

/// Raw deflate with the window that clients assume when nothing is said (RFC 7692 §7.1.2).
constexpr int windowBits = -MAX_WBITS;
constexpr int memoryLevel = 8;
/// What inflate() says of where it stands (zlib.h).
constexpr unsigned blockEndBit = 128;
/// The end of a flushed block, which RFC 7692 §7.2.1 leaves out.
constexpr std::string_view flushTail("\0\0\xff\xff", 4);

Bytef *bytesOf(std::string_view text)
{
    // zlib reads its input only.
    return reinterpret_cast<Bytef *>(const_cast<char *>(text.data())); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

} // namespace

struct Compression::Deflater {
    Deflater()
    {
        const int status =
            deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
        GW_ASSERT(status == Z_OK);
    }
    Deflater(const Deflater &) = delete;
    Deflater &operator=(const Deflater &) = delete;
    ~Deflater() { deflateEnd(&stream); }

    static Deflater &ofThread()
    {
        thread_local Deflater shared;
        return shared;
    }

    z_stream stream{};
};

struct Compression::Inflater {
    Inflater()
    {
        const int status = inflateInit2(&stream, windowBits);
        GW_ASSERT(status == Z_OK);
    }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;
    ~Inflater() { inflateEnd(&stream); }

    static Inflater &ofThread()
    {
        thread_local Inflater shared;
        return shared;
    }

    z_stream stream{};
};

Compression::Compression(CompressionTerms terms)
    : m_terms(terms)
{
}

Compression::~Compression() = default;

void Compression::compress(std::string_view message, std::string &out)
{
    if (m_terms.ours == Takeover::Yes && !m_ours) {
        m_ours = std::make_unique<Deflater>();
    }
    Deflater &deflater = m_ours ? *m_ours : Deflater::ofThread();
    if (!m_ours) {
        deflateReset(&deflater.stream);
    }
    z_stream &stream = deflater.stream;
    stream.next_in = bytesOf(message);
    stream.avail_in = static_cast<uInt>(message.size());
    std::array<char, 4096> room;
    do {
        stream.next_out = reinterpret_cast<Bytef *>(room.data());
        stream.avail_out = static_cast<uInt>(room.size());
        deflate(&stream, Z_SYNC_FLUSH);
        out.append(room.data(), room.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    GW_ASSERT(out.ends_with(flushTail));
    out.resize(out.size() - flushTail.size());
}

Compression::Outcome Compression::restore(std::string &message, std::size_t bytesMax)
{
    if (m_terms.theirs == Takeover::Yes && !m_theirs) {
        m_theirs = std::make_unique<Inflater>();
    }
    Inflater &inflater = m_theirs ? *m_theirs : Inflater::ofThread();
    if (!m_theirs) {
        inflateReset(&inflater.stream);
    }
    message += flushTail;
    z_stream &stream = inflater.stream;
    stream.next_in = bytesOf(message);
    stream.avail_in = static_cast<uInt>(message.size());
    std::string restored;
    std::array<char, 4096> room;
    do {
        stream.next_out = reinterpret_cast<Bytef *>(room.data());
        stream.avail_out = static_cast<uInt>(room.size());
        const int status = inflate(&stream, Z_SYNC_FLUSH);
        restored.append(room.data(), room.size() - stream.avail_out);
        if (restored.size() > bytesMax) {
            return Outcome::TooLong;
        }
        // RFC 7692 §7.2.3.4: a final block may stand in a message; what follows begins anew.
        if (status == Z_STREAM_END) {
            inflateReset(&stream);
        } else if (status == Z_BUF_ERROR) {
            break;
        } else if (status != Z_OK) {
            return Outcome::Damaged;
        }
    } while (stream.avail_in > 0 || stream.avail_out == 0);
    // The tail ends a block; where it was taken for a part of one, the end of the message is missing.
    const bool betweenBlocks = (static_cast<unsigned>(stream.data_type) & blockEndBit) != 0;
    if (stream.avail_in > 0 || !betweenBlocks) {
        return Outcome::Damaged;
    }
    message = std::move(restored);
    return Outcome::Done;
}

} // namespace godwit::websocket
