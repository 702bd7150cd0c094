// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"
#include "crypto/Password.h"

#include <optional>
#include <string>

namespace godwit::admin
{

/// A password for a person's account: the first line of `file`; without one it is asked for twice on the terminal,
/// unseen, or, when standard input is none, it is that one's first line.
base::Result<crypto::Password> readPassword(const std::optional<std::string> &file);

/// Asks "question [y/N]" on the terminal. InvalidInput when standard input is none.
base::Result<bool> confirm(const std::string &question);

} // namespace godwit::admin
