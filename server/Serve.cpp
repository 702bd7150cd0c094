// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Serve.h"

#include "base/Log.h"
#include "net/Poller.h"

#include <systemd/sd-daemon.h>

#include <QCoreApplication>

#include <csignal>
#include <sys/resource.h>

namespace godwit
{

namespace
{

void raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// The signals that are taken by sigwait() instead of handlers; blocked in all threads, which inherit the mask.
sigset_t blockSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&signals, number);
    }
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

void reload(Server &server)
{
    sd_notify(0, "RELOADING=1");
    base::Result<config::Config> config = config::loadConfig(server.config().file);
    if (!config) {
        base::log(base::LogLevel::Error, "server", "the configuration is not taken over",
                  {{"error", config.error().text()}});
    } else if (base::Result<base::Ok> done = server.reload(*config); !done) {
        base::log(base::LogLevel::Error, "server", "the configuration is not taken over",
                  {{"error", done.error().text()}});
    }
    sd_notify(0, "READY=1");
}

} // namespace

int serve(const config::Config &config,
          const std::function<base::Result<std::shared_ptr<void>>(Server &server)> &started)
{
    base::setLogLevel(config.log.level);
    net::Poller::preferPlainEventLoop();
    // The shards' event loops want an application to exist; it is never run.
    int argumentCount = 1;
    char name[] = "godwitd";
    char *arguments[] = {name, nullptr};
    const QCoreApplication application(argumentCount, arguments);
    raiseDescriptorLimit();
    const sigset_t signals = blockSignals();
    base::Result<std::unique_ptr<Server>> server = Server::start(config);
    if (!server) {
        base::log(base::LogLevel::Error, "server", "the server does not start", {{"error", server.error().text()}});
        return 1;
    }
    base::Result<std::shared_ptr<void>> attached = started(**server);
    if (!attached) {
        base::log(base::LogLevel::Error, "server", "the server does not start", {{"error", attached.error().text()}});
        return 1;
    }
    base::log(base::LogLevel::Info, "server", "ready", {{"domain", config.domain}});
    sd_notify(0, "READY=1");
    int number = 0;
    while (sigwait(&signals, &number) == 0 && number == SIGHUP) {
        reload(**server);
    }
    base::log(base::LogLevel::Info, "server", "stopping", {{"signal", number}});
    sd_notify(0, "STOPPING=1");
    attached = std::shared_ptr<void>();
    (*server)->stop();
    return 0;
}

} // namespace godwit
