// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/AdminSocket.h"

#include "admin/LocalSocket.h"
#include "admin/Messages.h"
#include "base/Log.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::LogLevel;
using base::Result;

namespace
{

/// Commands at a time; further ones wait in the listening socket's queue.
constexpr std::size_t clientsMax = 32;
/// How long nothing is accepted after the process had no descriptor left for it.
constexpr int acceptPauseMilliseconds = 1'000;

/// The socket's mode says the same; this holds where it stands in a folder whose file system ignores modes.
bool isOwnerOrRoot(int socket)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == 0 || peer.uid == ::geteuid());
}

net::Descriptor openSpare()
{
    return net::Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

} // namespace

class AdminSocket::Loop
{
public:
    Loop(std::string path, net::Descriptor listener, net::Descriptor stop, std::unique_ptr<Control> control)
        : m_path(std::move(path))
        , m_listener(std::move(listener))
        , m_stop(std::move(stop))
        , m_spare(openSpare())
        , m_control(std::move(control))
    {
    }
    ~Loop()
    {
        const std::uint64_t one = 1;
        static_cast<void>(::write(m_stop.number(), &one, sizeof one) == sizeof one);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        ::unlink(m_path.c_str());
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void begin()
    {
        m_thread = std::thread([this] { run(); });
    }

private:
    struct Client {
        net::Descriptor socket;
        FrameBuffer input;
        std::string output;
        bool closing = false; ///< once the output is written
    };

    void run();
    void accept();
    void read(Client &client);
    void write(Client &client);
    void answer(Client &client);

    std::string m_path;
    net::Descriptor m_listener;
    net::Descriptor m_stop;
    /// Given up for one more connection when the process has no descriptor left: an operator gets through even then.
    net::Descriptor m_spare;
    bool m_acceptPaused = false;
    std::unique_ptr<Control> m_control;
    std::vector<Client> m_clients;
    std::thread m_thread;
};

void AdminSocket::Loop::run()
{
    std::vector<pollfd> watched;
    for (;;) {
        watched.clear();
        watched.push_back({m_stop.number(), POLLIN, 0});
        const bool accepting = m_clients.size() < clientsMax && !m_acceptPaused;
        watched.push_back({accepting ? m_listener.number() : -1, POLLIN, 0});
        for (const Client &client : m_clients) {
            // Who does not take the answer is not asked for more.
            watched.push_back(
                {client.socket.number(), static_cast<short>(client.output.empty() ? POLLIN : POLLOUT), 0});
        }
        const int count = ::poll(watched.data(), watched.size(), m_acceptPaused ? acceptPauseMilliseconds : -1);
        m_acceptPaused = false;
        if (count < 0 && errno != EINTR) {
            base::log(LogLevel::Error, "admin", "the local socket is given up", {{"error", std::strerror(errno)}});
            return;
        }
        if (count <= 0) {
            continue;
        }
        if (watched[0].revents != 0) {
            return;
        }
        for (std::size_t i = 0; i < m_clients.size(); ++i) {
            const short happened = watched[i + 2].revents;
            if ((happened & POLLOUT) != 0) {
                write(m_clients[i]);
            } else if (happened != 0) {
                read(m_clients[i]);
            }
        }
        std::erase_if(m_clients, [](const Client &client) { return !client.socket.isOpen(); });
        if (watched[1].revents != 0) {
            accept();
        }
        if (!m_spare.isOpen()) {
            m_spare = openSpare();
        }
    }
}

void AdminSocket::Loop::accept()
{
    const auto take = [this] {
        return net::Descriptor(::accept4(m_listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    };
    net::Descriptor socket = take();
    if (!socket.isOpen() && (errno == EMFILE || errno == ENFILE)) {
        m_spare.close();
        socket = take();
        m_acceptPaused = !socket.isOpen();
    }
    if (socket.isOpen() && isOwnerOrRoot(socket.number())) {
        Client client;
        client.socket = std::move(socket);
        m_clients.push_back(std::move(client));
    }
}

void AdminSocket::Loop::read(Client &client)
{
    std::array<char, 16'384> bytes{};
    const ssize_t count = ::recv(client.socket.number(), bytes.data(), bytes.size(), 0);
    if (count > 0) {
        client.input.append({bytes.data(), static_cast<std::size_t>(count)});
        answer(client);
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        client.socket.close();
    }
}

void AdminSocket::Loop::answer(Client &client)
{
    // One request at a time: the next is read when this answer is written.
    auto fields = client.input.next();
    if (!fields) {
        client.output = errorAnswer(fields.error());
        client.closing = true;
    } else if (*fields) {
        client.output = answerRequest(std::move(**fields), *m_control);
    }
    write(client);
}

void AdminSocket::Loop::write(Client &client)
{
    while (!client.output.empty()) {
        const ssize_t count = ::send(client.socket.number(), client.output.data(), client.output.size(), MSG_NOSIGNAL);
        if (count > 0) {
            client.output.erase(0, static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            client.socket.close();
            return;
        }
    }
    if (client.closing) {
        client.socket.close();
    }
}

Result<std::unique_ptr<AdminSocket>> AdminSocket::start(const std::string &path, std::unique_ptr<Control> control)
{
    auto listener = listenLocal(path);
    if (!listener) {
        return listener.error();
    }
    net::Descriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!stop.isOpen()) {
        return Error(ErrorCode::Io, std::string("no descriptor is left for the local socket: ") + std::strerror(errno));
    }
    auto loop = std::make_unique<Loop>(path, std::move(*listener), std::move(stop), std::move(control));
    loop->begin();
    return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(loop)));
}

AdminSocket::AdminSocket(std::unique_ptr<Loop> loop)
    : m_loop(std::move(loop))
{
}

AdminSocket::~AdminSocket() = default;

} // namespace godwit::admin
