// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The messages of SCRAM as values (RFC 5802 §7): parsing what a client sends, writing what the server says.
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::stream
{

/// gs2-cbind-flag (RFC 5802 §7).
enum class BindingFlag : std::uint8_t {
    Unsupported, ///< n: the client cannot
    NotOffered,  ///< y: the client can, and believes that the server cannot
    Used,        ///< p: the client does
};

struct ScramClientFirst {
    BindingFlag flag = BindingFlag::Unsupported;
    std::string bindingType; ///< of flag Used
    std::string authzid;     ///< decoded; may be empty
    std::string username;    ///< decoded, not prepared
    std::string nonce;
    std::string header; ///< gs2-header as it was sent, the last comma included
    std::string bare;   ///< client-first-message-bare
};
/// InvalidInput when it breaks the grammar or has a mandatory extension ("m="), of which there are none.
base::Result<ScramClientFirst> parseClientFirst(std::string_view message);

struct ScramClientFinal {
    std::string binding; ///< cbind-input, raw: gs2-header and channel binding data
    std::string nonce;
    std::string proof;        ///< raw
    std::string withoutProof; ///< client-final-message-without-proof
};
base::Result<ScramClientFinal> parseClientFinal(std::string_view message);

struct ScramServerFirst {
    std::string_view nonce; ///< the client's with the server's behind it
    std::string_view salt;  ///< raw
    std::uint32_t iterations = 0;
};
std::string writeServerFirst(const ScramServerFirst &message);

} // namespace godwit::stream
