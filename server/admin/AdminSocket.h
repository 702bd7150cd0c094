// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The local socket of a running server: a thread of its own, so that no shard ever waits for an operator.
#pragma once

#include "admin/Control.h"
#include "base/Result.h"

#include <memory>
#include <string>

namespace godwit::admin
{

class AdminSocket
{
public:
    /// Listens on `path` and begins the thread, which inherits the caller's signal mask. `control` is used on that
    /// thread only from now on. Errors as of listenLocal().
    static base::Result<std::unique_ptr<AdminSocket>> start(const std::string &path, std::unique_ptr<Control> control);
    /// Finishes the request that is being answered, ends the thread, removes the socket.
    ~AdminSocket();
    AdminSocket(const AdminSocket &) = delete;
    AdminSocket &operator=(const AdminSocket &) = delete;

private:
    class Loop;
    explicit AdminSocket(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> m_loop;
};

} // namespace godwit::admin
