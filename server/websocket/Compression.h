// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Compression of single messages (RFC 7692, permessage-deflate). Without context takeover a message is compressed by
// itself, with the compressor of the thread: a connection holds nothing then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace godwit::websocket
{

/// Whether a message may refer to those before it, which costs both ends the memory of a window.
enum class Takeover : std::uint8_t { No, Yes };

/// What was agreed on for each direction.
struct CompressionTerms {
    Takeover ours = Takeover::No;
    Takeover theirs = Takeover::No;
};

class Compression
{
public:
    explicit Compression(CompressionTerms terms);
    ~Compression();

    /// Appends the compressed `message` to `out`.
    void compress(std::string_view message, std::string &out);
    enum class Outcome : std::uint8_t { Done, Damaged, TooLong };
    /// Replaces `message` by what it was before; no more than `bytesMax` are made of it.
    Outcome restore(std::string &message, std::size_t bytesMax);

private:
    struct Deflater;
    struct Inflater;
    std::unique_ptr<Deflater> m_ours;   ///< with takeover only
    std::unique_ptr<Inflater> m_theirs; ///< likewise
    CompressionTerms m_terms;
};

} // namespace godwit::websocket
