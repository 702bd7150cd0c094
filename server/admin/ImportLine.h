// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"
#include "crypto/Password.h"

#include <optional>
#include <string>
#include <string_view>

namespace godwit::admin
{

/// One account that is to be made.
struct ImportLine {
    std::string jid; ///< prepared, bare
    crypto::Password password;
};

/// The longest line, in bytes: a JID and a password at their bounds.
inline constexpr std::size_t importLineBytesMax = 4'096;

/// A bare JID with a local part at `domain`. InvalidInput, in words that a person can act on and that repeat nothing
/// of the text.
base::Result<std::string> accountJid(std::string_view text, std::string_view domain);

/// Reads "jid password": blanks before the JID, blanks between, and the rest of the line as it is, without its end.
/// Nothing for an empty line and one that begins with "#". Errors never hold what the line does, for it may be a
/// password.
base::Result<std::optional<ImportLine>> parseImportLine(std::string_view line, std::string_view domain);

} // namespace godwit::admin
