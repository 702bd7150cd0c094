// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "Server.h"

#include <functional>

namespace godwit
{

/// Raises the descriptor limit as far as allowed, starts the server, tells systemd, and runs until SIGTERM or SIGINT;
/// SIGHUP reads the configuration again. Returns the exit status. `started` is called once the server listens, with
/// what its result keeps alive until the server stops (the admin socket).
int serve(const config::Config &config,
          const std::function<base::Result<std::shared_ptr<void>>(Server &server)> &started);

} // namespace godwit
