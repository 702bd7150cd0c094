// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>

namespace godwit::load
{

namespace
{

constexpr std::size_t overhead = 200; // of the XML around a body

void makeFast(int fd)
{
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/// Writes what it reads to its partner; a partner that cannot take it all at once ends the run, as the windows are
/// far smaller than the sockets' buffers.
class Copier final : public Pollable
{
public:
    explicit Copier(int fd)
        : m_fd(fd)
    {
    }
    void join(int partner) { m_partner = partner; }
    void onEvents(std::uint32_t) override
    {
        static std::array<char, 65'536> buffer;
        const ssize_t got = recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got > 0 && ::send(m_partner, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got) {
            return;
        }
        _exit(got == 0 ? 0 : 1);
    }
    void onFlush() override {}

private:
    int m_fd;
    int m_partner = -1;
};

/// The child: takes 2 × pairs connections and copies between neighbours until one closes.
[[noreturn]] void serve(int listener, unsigned pairs)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Loop loop;
    std::vector<std::unique_ptr<Copier>> copiers;
    std::vector<int> fds;
    for (unsigned i = 0; i < 2 * pairs; ++i) {
        fds.push_back(accept(listener, nullptr, nullptr));
        makeFast(fds.back());
        copiers.push_back(std::make_unique<Copier>(fds.back()));
        loop.add(fds.back(), EPOLLIN, copiers.back().get());
    }
    for (std::size_t i = 0; i < fds.size(); ++i) {
        copiers[i]->join(fds[i ^ 1U]);
    }
    (void)loop.runUntil([] { return false; }, seconds(86'400));
    _exit(0);
}

/// One end of a pair on the client's side. The receiver answers each message with one byte, in place of an ack.
class End final : public Pollable
{
public:
    End(Loop &loop, int fd, std::size_t messageBytes, bool sender)
        : m_fd(fd)
        , m_sender(sender)
        , m_text(messageBytes, 'x')
    {
        makeFast(fd);
        loop.add(fd, EPOLLIN, this);
    }
    ~End() override { close(m_fd); }
    End(const End &) = delete;
    End &operator=(const End &) = delete;

    void start(unsigned window)
    {
        for (unsigned i = 0; i < window; ++i) {
            write(m_text);
        }
    }
    void onEvents(std::uint32_t) override
    {
        static std::array<char, 65'536> buffer;
        const ssize_t got = recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            broken = true;
            return;
        }
        if (m_sender) {
            for (ssize_t i = 0; i < got; ++i) {
                write(m_text);
            }
            return;
        }
        m_bytes += static_cast<std::size_t>(got);
        for (; m_bytes >= m_text.size(); m_bytes -= m_text.size()) {
            ++delivered;
            write("a");
        }
    }
    void onFlush() override {}

    std::uint64_t delivered = 0;
    bool broken = false;

private:
    void write(std::string_view bytes) { (void)!::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    int m_fd;
    bool m_sender;
    std::string m_text;
    std::size_t m_bytes = 0;
};

int listenOnLoopback(sockaddr_in &address)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<const sockaddr *>(&address), size) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

void measure(Loop &loop, std::span<const std::unique_ptr<End>> ends, const Options &options, pid_t child,
             Report &report)
{
    const Meter meter({child});
    const auto delivered = [&] {
        std::uint64_t sum = 0;
        for (const auto &end : ends) {
            sum += end->delivered;
        }
        return sum;
    };
    for (std::size_t i = 0; i < ends.size(); i += 2) {
        ends[i]->start(options.window);
    }
    (void)loop.runFor(seconds(options.warmup));
    const std::uint64_t before = delivered();
    const double cpuBefore = meter.cpuSeconds();
    const Micros begin = now();
    (void)loop.runFor(seconds(options.duration));
    const double took = static_cast<double>(now() - begin) * 1e-6;
    const double done = static_cast<double>(delivered() - before);
    report.number("delivered_per_s", "delivered", done / std::max(took, 1e-6), "/s");
    report.number("cpu_ms_per_1000", "forwarder CPU per 1,000 messages",
                  (meter.cpuSeconds() - cpuBefore) * 1e6 / std::max(done, 1.0), "ms");
}

} // namespace

Outcome runForward(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    if (2UL * options.pairs + 32 > limit) {
        return failed("--pairs takes at most " + std::to_string((limit - 32) / 2));
    }
    sockaddr_in address{};
    const int listener = listenOnLoopback(address);
    if (listener < 0) {
        return failed("cannot listen on 127.0.0.1");
    }
    const pid_t child = fork();
    if (child == 0) {
        serve(listener, options.pairs);
    }
    close(listener);
    Outcome outcome = Outcome::Done;
    {
        Loop loop;
        std::vector<std::unique_ptr<End>> ends;
        for (unsigned i = 0; i < 2 * options.pairs && outcome == Outcome::Done; ++i) {
            const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
                outcome = failed("cannot connect to the forwarder");
                break;
            }
            ends.push_back(std::make_unique<End>(loop, fd, options.bodyLength + overhead, i % 2 == 0));
        }
        if (outcome == Outcome::Done) {
            Report report;
            measure(loop, ends, options, child, report);
            report.print(options.format, stdout);
            const bool broken = std::any_of(ends.begin(), ends.end(), [](const auto &end) { return end->broken; });
            outcome = broken ? failed("the forwarder ended early") : Outcome::Done;
        }
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    return outcome;
}

} // namespace godwit::load
