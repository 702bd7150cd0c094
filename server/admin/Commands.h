// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The commands, each a function from the command line to an exit status. They print for people: results on standard
// output, failures as one sentence on standard error.
#pragma once

#include "admin/Arguments.h"

namespace godwit::admin
{

/// Runs any command but serve.
Exit runCommand(const Arguments &arguments);

/// "godwitd: what failed and what to do" on standard error.
Exit fail(const base::Error &error, Exit status = Exit::Failed);

Exit initCommand(const Arguments &arguments);
Exit userAddCommand(const Arguments &arguments);
Exit userPasswordCommand(const Arguments &arguments);
Exit userRemoveCommand(const Arguments &arguments);
Exit userListCommand(const Arguments &arguments);
Exit userImportCommand(const Arguments &arguments);
Exit statusCommand(const Arguments &arguments);
Exit checkCommand(const Arguments &arguments);
Exit traceCommand(const Arguments &arguments);

} // namespace godwit::admin
