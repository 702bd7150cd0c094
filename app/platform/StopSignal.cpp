// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "platform/StopSignal.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace godwit::platform
{

namespace
{

int stopPipe[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 0;
    // Nothing can be done about a full pipe in here, and then a byte is in it already.
    [[maybe_unused]] const auto written = ::write(stopPipe[1], &byte, 1);
}

} // namespace

StopSignal::StopSignal(QObject *parent)
    : QObject(parent)
{
    if (::pipe2(stopPipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return; // the signals end the process as ever
    }
    m_notifier = std::make_unique<QSocketNotifier>(stopPipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char bytes[16];
        while (::read(stopPipe[0], bytes, sizeof bytes) > 0) {
        }
        Q_EMIT received();
    });
    std::signal(SIGTERM, onSignal);
    std::signal(SIGINT, onSignal);
}

StopSignal::~StopSignal()
{
    if (m_notifier) {
        std::signal(SIGTERM, SIG_DFL);
        std::signal(SIGINT, SIG_DFL);
        m_notifier.reset();
        for (int &end : stopPipe) {
            ::close(std::exchange(end, -1));
        }
    }
}

} // namespace godwit::platform
