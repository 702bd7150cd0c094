// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/LocalSocket.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace godwit::admin
{

namespace
{

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr int backlog = 16;

/// A socket's address holds 107 bytes; a longer path is reached through a descriptor of its folder.
class Address
{
public:
    static Result<Address> of(const std::string &path)
    {
        Address address;
        address.m_native.sun_family = AF_UNIX;
        std::string name = path;
        if (name.size() >= sizeof address.m_native.sun_path) {
            const std::filesystem::path whole(path);
            address.m_folder = net::Descriptor(::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
            if (!address.m_folder.isOpen()) {
                return Error(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                             "cannot open the folder of " + path + ": " + std::strerror(errno));
            }
            name = "/proc/self/fd/" + std::to_string(address.m_folder.number()) + "/" + whole.filename().string();
        }
        if (name.size() >= sizeof address.m_native.sun_path) {
            return Error(ErrorCode::InvalidInput, "the name of the socket " + path + " is too long: set admin.socket");
        }
        std::memcpy(address.m_native.sun_path, name.c_str(), name.size() + 1);
        return address;
    }

    const sockaddr *native() const { return reinterpret_cast<const sockaddr *>(&m_native); }
    static socklen_t size() { return sizeof(sockaddr_un); }

private:
    sockaddr_un m_native{};
    net::Descriptor m_folder;
};

Result<net::Descriptor> makeSocket(int flags)
{
    net::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (!socket.isOpen()) {
        return Error(ErrorCode::Io, std::string("cannot make a socket: ") + std::strerror(errno));
    }
    return socket;
}

} // namespace

Result<net::Descriptor> connectLocal(const std::string &path)
{
    auto address = Address::of(path);
    if (!address) {
        return address.error();
    }
    auto socket = makeSocket(0);
    if (!socket) {
        return socket;
    }
    if (::connect(socket->number(), address->native(), Address::size()) == 0) {
        return socket;
    }
    const int failure = errno;
    const std::string words = "cannot connect to " + path + ": " + std::strerror(failure);
    switch (failure) {
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
    case ENOTSOCK:
        return Error(ErrorCode::NotFound, words);
    case EACCES:
    case EPERM:
        return Error(ErrorCode::NotAuthorized, words + ": run this as the user that runs godwitd, or as root");
    default:
        return Error(ErrorCode::Io, words);
    }
}

Result<net::Descriptor> listenLocal(const std::string &path)
{
    struct stat there{};
    if (::lstat(path.c_str(), &there) == 0) {
        if (!S_ISSOCK(there.st_mode)) {
            return Error(ErrorCode::AlreadyExists, path + " is in the way of the local socket: remove it, or set "
                                                          "admin.socket to another path");
        }
        if (connectLocal(path)) {
            return Error(ErrorCode::Conflict,
                         "another process listens on " + path + ": set admin.socket to another path");
        }
        ::unlink(path.c_str());
    }
    auto address = Address::of(path);
    if (!address) {
        return address.error();
    }
    auto socket = makeSocket(SOCK_NONBLOCK);
    if (!socket) {
        return socket;
    }
    // The mode of the descriptor becomes that of the file, so that it is never open to others, not for a moment.
    ::fchmod(socket->number(), 0600);
    if (::bind(socket->number(), address->native(), Address::size()) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
        ::listen(socket->number(), backlog) != 0) {
        return Error(ErrorCode::Io, "cannot listen on " + path + ": " + std::strerror(errno));
    }
    return socket;
}

} // namespace godwit::admin
