// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "admin/Control.h"
#include "admin/Frame.h"
#include "net/Descriptor.h"

#include <memory>
#include <string>
#include <vector>

namespace godwit::admin
{

/// Asks a running server over its local socket.
class SocketControl final : public Control
{
public:
    /// Errors as of connectLocal().
    static base::Result<std::unique_ptr<SocketControl>> connect(const std::string &path);

    base::Result<std::vector<bool>> known(const std::vector<std::string> &accounts) override;
    base::Result<std::vector<base::Result<base::Ok>>> put(const std::vector<AccountKeys> &accounts,
                                                          PutMode mode) override;
    base::Result<base::Ok> remove(const std::string &account) override;
    base::Result<std::vector<accounts::AccountInfo>> list(const std::string &after, std::size_t limit) override;
    base::Result<std::vector<StatusLine>> status() override;
    base::Result<MessageTrace> trace(const std::string &account, const std::string &id) override;

private:
    explicit SocketControl(net::Descriptor socket);
    /// Sends a request and waits for the answer's fields.
    base::Result<std::vector<std::string>> ask(const std::string &request);

    net::Descriptor m_socket;
    FrameBuffer m_input;
};

} // namespace godwit::admin
