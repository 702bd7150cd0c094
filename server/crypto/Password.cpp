// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "crypto/Password.h"

#include "crypto/Digest.h"
#include "jid/Jid.h"

#include <algorithm>

namespace godwit::crypto
{

Password::Password(std::string bytes)
    : m_bytes(std::move(bytes))
{
}

Password::~Password()
{
    wipe(m_bytes);
}

base::Result<Password> Password::prepare(std::string_view text)
{
    if (text.empty()) {
        return base::Error(base::ErrorCode::InvalidInput, "the password is empty");
    }
    if (text.size() > passwordBytesMax) {
        return base::Error(base::ErrorCode::InvalidInput, "the password is longer than 1023 bytes");
    }
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
    if (plain) {
        return Password(std::string(text));
    }
    // The resource part of a JID has the same profile and the same bound (RFC 7622 §3.4.1).
    base::Result<jid::Jid> prepared = jid::Jid::fromParts({}, "password.invalid", text);
    if (!prepared) {
        return base::Error(base::ErrorCode::InvalidInput, "the password has characters that RFC 8265 forbids");
    }
    return Password(std::string(prepared->resource()));
}

} // namespace godwit::crypto
