// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/Gzip.h"

#include "base/Assert.h"

#include <zlib.h>

#include <limits>

namespace godwit::web
{

namespace
{

/// The largest window, with the header and trailer of gzip.
constexpr int gzipWindow = 15 + 16;
constexpr int memoryLevel = 9;

} // namespace

std::optional<std::string> gzip(std::string_view bytes)
{
    const std::size_t wanted = bytes.size() - bytes.size() / 10;
    if (bytes.empty() || bytes.size() > std::numeric_limits<uInt>::max()) {
        return std::nullopt;
    }
    z_stream stream{};
    const int status =
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY);
    GW_ASSERT(status == Z_OK);
    std::string packed(wanted, '\0');
    // zlib does not write there.
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data())); // NOLINT(*-const-cast)
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool fits = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return fits ? std::optional(std::move(packed)) : std::nullopt;
}

} // namespace godwit::web
