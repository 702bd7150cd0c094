// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/SocketControl.h"

#include "admin/LocalSocket.h"
#include "admin/Messages.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

Error lost(const std::string &reason)
{
    return Error(ErrorCode::Unavailable, "the connection to the running godwitd was lost (" + reason +
                                             "); what was asked may be done or not, see its log");
}

/// An answer for each account that was asked for.
template <class Item>
Result<std::vector<Item>> ofSize(Result<std::vector<Item>> items, std::size_t size)
{
    if (items && items->size() != size) {
        return lost("its answer does not fit");
    }
    return items;
}

} // namespace

SocketControl::SocketControl(net::Descriptor socket)
    : m_socket(std::move(socket))
{
}

Result<std::unique_ptr<SocketControl>> SocketControl::connect(const std::string &path)
{
    auto socket = connectLocal(path);
    if (!socket) {
        return socket.error();
    }
    return std::unique_ptr<SocketControl>(new SocketControl(std::move(*socket)));
}

Result<std::vector<std::string>> SocketControl::ask(const std::string &request)
{
    for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t count = ::send(m_socket.number(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            return lost(std::strerror(errno));
        }
    }
    for (;;) {
        auto fields = m_input.next();
        if (!fields) {
            return fields.error();
        }
        if (*fields) {
            return std::move(**fields);
        }
        std::array<char, 16'384> bytes{};
        const ssize_t count = ::recv(m_socket.number(), bytes.data(), bytes.size(), 0);
        if (count > 0) {
            m_input.append({bytes.data(), static_cast<std::size_t>(count)});
        } else if (count == 0) {
            return lost("it closed it");
        } else if (errno != EINTR) {
            return lost(std::strerror(errno));
        }
    }
}

Result<std::vector<bool>> SocketControl::known(const std::vector<std::string> &accounts)
{
    auto fields = ask(askKnown(accounts));
    return fields ? ofSize(readKnown(std::move(*fields)), accounts.size()) : Result<std::vector<bool>>(fields.error());
}

Result<std::vector<Result<Ok>>> SocketControl::put(const std::vector<AccountKeys> &accounts, PutMode mode)
{
    auto fields = ask(askPut(accounts, mode));
    return fields ? ofSize(readPut(std::move(*fields)), accounts.size())
                  : Result<std::vector<Result<Ok>>>(fields.error());
}

Result<Ok> SocketControl::remove(const std::string &account)
{
    auto fields = ask(askRemove(account));
    return fields ? readRemove(std::move(*fields)) : Result<Ok>(fields.error());
}

Result<std::vector<accounts::AccountInfo>> SocketControl::list(const std::string &after, std::size_t limit)
{
    auto fields = ask(askList(after, limit));
    return fields ? readList(std::move(*fields)) : Result<std::vector<accounts::AccountInfo>>(fields.error());
}

Result<std::vector<StatusLine>> SocketControl::status()
{
    auto fields = ask(askStatus());
    return fields ? readStatus(std::move(*fields)) : Result<std::vector<StatusLine>>(fields.error());
}

Result<MessageTrace> SocketControl::trace(const std::string &account, const std::string &id)
{
    auto fields = ask(askTrace(account, id));
    return fields ? readTrace(std::move(*fields)) : Result<MessageTrace>(fields.error());
}

} // namespace godwit::admin
