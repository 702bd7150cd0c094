// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Unix sockets by path, of any length.
#pragma once

#include "base/Result.h"
#include "net/Descriptor.h"

#include <string>

namespace godwit::admin
{

/// Connects, blocking. NotFound when nobody listens there, NotAuthorized when this user may not connect, else Io.
base::Result<net::Descriptor> connectLocal(const std::string &path);

/// Listens, without blocking, for its owner alone (mode 0600). What a dead process left there is replaced; Conflict
/// when a living one listens, AlreadyExists when something else than a socket is there, else Io.
base::Result<net::Descriptor> listenLocal(const std::string &path);

} // namespace godwit::admin
