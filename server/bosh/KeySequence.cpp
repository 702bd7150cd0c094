// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/KeySequence.h"

#include "crypto/Digest.h"

namespace godwit::bosh
{

namespace
{

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4];
        text += digits[static_cast<unsigned char>(byte) & 0x0f];
    }
    return text;
}

} // namespace

bool KeySequence::accepts(const Body &body)
{
    if (m_last.empty()) {
        return true;
    }
    if (!crypto::constantTimeEqual(hex(crypto::digest(crypto::Hash::Sha1, body.key)), m_last)) {
        return false;
    }
    m_last = body.newKey.empty() ? body.key : body.newKey;
    return true;
}

} // namespace godwit::bosh
