// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "platform/NetworkCost.h"

#include <QNetworkInformation>

#include <utility>

namespace godwit::platform
{

NetworkCost::NetworkCost(QObject *parent)
    : QObject(parent)
{
    using Feature = QNetworkInformation::Feature;
    if (!QNetworkInformation::instance()) {
        QNetworkInformation::loadBackendByFeatures(Feature::Metered);
    }
    if (const auto *network = QNetworkInformation::instance()) {
        connect(network, &QNetworkInformation::isMeteredChanged, this, &NetworkCost::look);
        connect(network, &QNetworkInformation::transportMediumChanged, this, &NetworkCost::look);
        look();
    }
}

void NetworkCost::look()
{
    const auto *network = QNetworkInformation::instance();
    const bool costly = network && (network->isMetered() ||
                                    network->transportMedium() == QNetworkInformation::TransportMedium::Cellular);
    if (std::exchange(m_costly, costly) != costly) {
        Q_EMIT changed();
    }
}

} // namespace godwit::platform
