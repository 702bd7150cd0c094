// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QString>

#include <optional>

namespace godwit::platform
{

/// A password for a program that is started by another: the file's first line, or without a file the environment
/// variable GODWIT_PASSWORD. Nothing when there is neither, or the file cannot be read.
std::optional<QString> passwordFrom(const QString &fileName);

} // namespace godwit::platform
