// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A password that is ready to be hashed: prepared by the OpaqueString profile, wiped when it is no longer needed.
//
// RFC 5802 names SASLprep; RFC 8265 replaced it by OpaqueString, which the resource part of a JID uses too, so both are
// prepared by the same code. The two differ only for compatibility characters (full-width forms, ligatures, Roman
// numerals), which SASLprep folds; a password with such a character works with clients that follow RFC 8265 and with
// PLAIN. ASCII passwords are the same under both.
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace godwit::crypto
{

/// Longest password in bytes of UTF-8 after preparation; bounds what a peer can make us hash.
inline constexpr std::size_t passwordBytesMax = 1023;

class Password
{
public:
    /// RFC 8265 §4.2.2. InvalidInput for an empty one, a forbidden character, bad UTF-8 or too many bytes.
    static base::Result<Password> prepare(std::string_view text);

    Password(const Password &) = default;
    Password(Password &&) noexcept = default;
    Password &operator=(const Password &) = default;
    Password &operator=(Password &&) noexcept = default;
    ~Password();

    std::string_view bytes() const noexcept { return m_bytes; }

private:
    explicit Password(std::string bytes);

    std::string m_bytes;
};

} // namespace godwit::crypto
