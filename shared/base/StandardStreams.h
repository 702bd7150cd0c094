// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

namespace godwit::base
{

/// Puts /dev/null in the place of the standard streams that the caller closed. Their numbers would go to the first
/// files and sockets of the program otherwise, which would be read as its input, and have its output written into them.
/// The first thing in main(), before any thread begins.
void holdStandardStreams();

} // namespace godwit::base
