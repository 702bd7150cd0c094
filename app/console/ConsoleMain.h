// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

namespace godwit::console
{

/// The terminal chat: `godwit --console PEER --account ADDRESS ...`. Parses the whole command line, makes its own
/// QCoreApplication (no display is needed), runs until /quit, end of input or SIGTERM, and returns the exit status.
/// Its output is described in app/console/README.md.
int runConsole(int argc, char **argv);

} // namespace godwit::console
