// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// SIGTERM and SIGINT as a Qt signal, so that a program ends its connections before it ends.
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace godwit::platform
{

/// One at a time, in the main thread; from then on these signals do not end the process by themselves.
class StopSignal : public QObject
{
    Q_OBJECT

public:
    explicit StopSignal(QObject *parent = nullptr);
    ~StopSignal() override;

Q_SIGNALS:
    void received();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace godwit::platform
