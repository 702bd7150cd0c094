// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace godwit::web
{

/// The bytes as a gzip file (RFC 1952), or nothing where that saves less than a tenth.
std::optional<std::string> gzip(std::string_view bytes);

} // namespace godwit::web
