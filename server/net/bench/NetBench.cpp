// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Prints what idle connections cost in memory, and what a message costs in CPU with idle ones beside it. Linux only.
#include "base/Clock.h"
#include "net/Connection.h"
#include "net/Listener.h"
#include "net/Poller.h"
#include "net/TlsContext.h"
#include "net/bench/BenchClient.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace godwit::net::bench
{

namespace
{

double cpuMicros()
{
    timespec spec{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spec);
    return static_cast<double>(spec.tv_sec) * 1e6 + static_cast<double>(spec.tv_nsec) / 1e3;
}

/// Proportional set size of this process.
double pssKib()
{
    std::ifstream file("/proc/self/smaps_rollup");
    std::string word;
    while (file >> word) {
        if (word == "Pss:") {
            double kib = 0;
            file >> kib;
            return kib;
        }
    }
    return 0;
}

/// Echoes what comes on all its connections.
class EchoServer final : public ListenerHandler
{
public:
    EchoServer(Poller &poller, std::shared_ptr<const TlsContext> tls)
        : m_poller(poller)
        , m_tls(std::move(tls))
    {
        auto listener = Listener::listen(poller, *SocketAddress::parse("127.0.0.1", 0), {}, *this);
        GW_ASSERT(listener.ok());
        m_listener = *std::move(listener);
    }

    bool admit(const SocketAddress &) override { return true; }
    void onAccepted(Descriptor socket, const SocketAddress &peer) override
    {
        m_sessions.push_back(std::make_unique<Session>(std::move(socket), peer));
        GW_ASSERT(m_sessions.back()->connection.attach(m_poller).ok());
        if (useTls) {
            GW_ASSERT(m_sessions.back()->connection.startTls(*m_tls).ok());
        }
    }

    std::uint16_t port() const { return m_listener->address().port(); }
    void clear() { m_sessions.clear(); }
    std::size_t size() const { return m_sessions.size(); }
    bool useTls = false;

private:
    struct Session final : ConnectionHandler {
        Session(Descriptor socket, const SocketAddress &peer)
            : connection(std::move(socket), peer, *this)
        {
        }
        void onBytes(std::string_view bytes) override { connection.append(bytes); }
        void onClosed(base::Error) override {}
        Connection connection;
    };

    Poller &m_poller;
    std::shared_ptr<const TlsContext> m_tls;
    std::unique_ptr<Listener> m_listener;
    std::vector<std::unique_ptr<Session>> m_sessions;
};

class Bench
{
public:
    Bench(Poller &poller, EchoServer &server, int orders, int answers)
        : m_poller(poller)
        , m_server(server)
        , m_orders(orders)
        , m_answers(answers)
    {
    }

    void idleMemory(const char *name, Order::Kind kind, std::uint32_t count)
    {
        m_server.useTls = kind == Order::Kind::OpenTls;
        // The first ones pay for what is made once, and fill what the allocator had left.
        order(kind, count / 4, 0);
        const double memory = pssKib();
        const double cpu = cpuMicros();
        count -= count / 4;
        order(kind, count, 0);
        const double each = (pssKib() - memory) * 1024.0 / count;
        std::printf("%-6s %6u idle connections: %6.0f bytes of PSS, %5.1f us of CPU to accept each\n", name, count,
                    each, (cpuMicros() - cpu) / count);
        close();
    }

    void echo(const char *name, std::uint32_t idle, std::uint32_t width, std::uint32_t count)
    {
        m_server.useTls = false;
        order(Order::Kind::OpenPlain, idle + width, 0);
        const PollerStatistics before = m_poller.statistics();
        const double cpu = cpuMicros();
        const base::Instant start = m_clock.now();
        order(Order::Kind::Echo, count, width);
        const double messages = static_cast<double>(count) * width;
        const double seconds = static_cast<double>((m_clock.now() - start).count()) / 1e6;
        const PollerStatistics &after = m_poller.statistics();
        std::printf("%-22s %5u idle: %8.0f messages/s, %5.2f us of CPU each, %.2f recv, %.2f send, %.2f turns\n", name,
                    idle, messages / seconds, (cpuMicros() - cpu) / messages,
                    static_cast<double>(after.receives - before.receives) / messages,
                    static_cast<double>(after.sends - before.sends) / messages,
                    static_cast<double>(after.turns - before.turns) / messages);
        close();
    }

private:
    /// Serves until the client says that it is done.
    void order(Order::Kind kind, std::uint32_t count, std::uint32_t width)
    {
        struct Done final : EventHandler {
            explicit Done(Poller &running)
                : poller(running)
            {
            }
            void onReady(Readiness) override
            {
                came = true;
                poller.stop();
            }
            Poller &poller;
            bool came = false;
        };
        const Order order{kind, m_server.port(), count, width};
        GW_ASSERT(write(m_orders, &order, sizeof order) == static_cast<ssize_t>(sizeof order));
        Done done(m_poller);
        GW_ASSERT(m_poller.add(m_answers, done, Interest::Read).ok());
        while (!done.came) {
            m_poller.run();
        }
        m_poller.remove(m_answers, done);
        char answer = 0;
        GW_ASSERT(read(m_answers, &answer, 1) == 1);
    }

    void close()
    {
        order(Order::Kind::CloseAll, 0, 0);
        m_server.clear();
    }

    base::SystemClock m_clock;
    Poller &m_poller;
    EchoServer &m_server;
    int m_orders;
    int m_answers;
};

int runServer(int argc, char **argv, int orders, int answers)
{
    Poller::preferPlainEventLoop();
    const QCoreApplication app(argc, argv);
    const base::SystemClock clock;
    auto poller = *Poller::create(clock);
    auto tls = *TlsContext::create({*makeSelfSigned("localhost"), {"xmpp-client"}});
    EchoServer server(*poller, tls);
    Bench bench(*poller, server, orders, answers);
    const auto idle = argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 10'000U;
    std::printf("sizeof(Connection) %zu bytes\n", sizeof(Connection));
    bench.idleMemory("plain", Order::Kind::OpenPlain, idle);
    bench.idleMemory("TLS", Order::Kind::OpenTls, idle);
    bench.echo("1 lane, ping-pong", 0, 1, 50'000);
    bench.echo("1 lane, ping-pong", idle / 2, 1, 50'000);
    bench.echo("100 lanes", 0, 100, 2'000);
    bench.echo("100 lanes", idle / 2, 100, 2'000);
    return 0;
}

} // namespace

} // namespace godwit::net::bench

int main(int argc, char **argv)
{
    rlimit descriptors{};
    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
    int orders[2];
    int answers[2];
    if (pipe(orders) != 0 || pipe(answers) != 0) {
        std::perror("pipe");
        return 1;
    }
    const pid_t child = fork();
    if (child == 0) {
        close(orders[1]);
        close(answers[0]);
        godwit::net::bench::runClient(orders[0], answers[1]);
        return 0;
    }
    close(orders[0]);
    close(answers[1]);
    const int status = godwit::net::bench::runServer(argc, argv, orders[1], answers[0]);
    close(orders[1]);
    waitpid(child, nullptr, 0);
    return status;
}
