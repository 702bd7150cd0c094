// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Whether bytes cost something on the network that this device is in.
#pragma once

#include <QObject>

namespace godwit::platform
{

/// Lives in the main thread. Where the system does not tell, nothing costs anything.
class NetworkCost : public QObject
{
    Q_OBJECT

public:
    explicit NetworkCost(QObject *parent = nullptr);

    /// The system calls the network metered, or it is a mobile one.
    bool isCostly() const { return m_costly; }

Q_SIGNALS:
    void changed();

private:
    void look();

    bool m_costly = false;
};

} // namespace godwit::platform
