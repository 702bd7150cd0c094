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

/// XEP-0124 §15.3: keys are compared whatever the case of their letters.
std::string small(std::string text)
{
    for (char &letter : text) {
        letter = letter >= 'A' && letter <= 'F' ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return text;
}

} // namespace

void KeySequence::begin(const Body &body)
{
    m_last = small(body.newKey);
}

bool KeySequence::accepts(const Body &body)
{
    if (m_last.empty()) {
        return true;
    }
    if (!crypto::constantTimeEqual(hex(crypto::digest(crypto::Hash::Sha1, body.key)), m_last)) {
        return false;
    }
    m_last = small(body.newKey.empty() ? body.key : body.newKey);
    return true;
}

} // namespace godwit::bosh
