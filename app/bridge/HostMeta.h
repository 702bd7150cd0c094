// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Where a domain has its WebSocket: /.well-known/host-meta and its JSON (XEP-0156).
#pragma once

#include "base/Result.h"

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QUrl>

#include <functional>
#include <vector>

class QNetworkAccessManager;
class QNetworkReply;

namespace godwit::bridge
{

/// The addresses in a document, in its order, those with TLS only (XEP-0156 §3). A document that cannot be read has
/// none.
std::vector<QUrl> webSocketsOfJson(const QByteArray &json);
std::vector<QUrl> webSocketsOfXrd(const QByteArray &xrd);

/// Asks a domain. One question at a time; another one drops the first.
class HostMeta : public QObject
{
    Q_OBJECT

public:
    /// NotFound: the domain has no WebSocket. Unavailable: it could not be asked.
    using Done = std::function<void(const base::Result<QUrl> &)>;

    explicit HostMeta(QObject *parent = nullptr);
    ~HostMeta() override;

    /// Where to ask for a domain: over HTTPS, which says that the answer is the domain's.
    static QUrl placeOf(const QString &domain);
    /// Asks for the JSON at `place`, and for the other one if there is no answer in it. `done` is called once.
    void ask(const QUrl &place, Done done);
    void cancel();

private:
    void get(const QString &path, std::function<void(const base::Result<QByteArray> &)> done);

    QNetworkAccessManager *m_network;
    QPointer<QNetworkReply> m_reply;
    QUrl m_place;
};

} // namespace godwit::bridge
