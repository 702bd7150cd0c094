// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/HostMeta.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QXmlStreamReader>

#include <utility>

using namespace std::chrono_literals;

namespace godwit::bridge
{

namespace
{

constexpr auto relation = QLatin1StringView("urn:xmpp:alt-connections:websocket");
constexpr auto answerTimeout = 5s;
/// A document of links is shorter; what is longer is none.
constexpr qint64 documentBytesMax = 65'536;
constexpr int redirectsMax = 3;

void add(std::vector<QUrl> &urls, QStringView rel, const QString &href)
{
    const QUrl url(href, QUrl::StrictMode);
    if (rel == relation && url.isValid() && url.scheme() == u"wss" && !url.host().isEmpty()) {
        urls.push_back(url);
    }
}

} // namespace

std::vector<QUrl> webSocketsOfJson(const QByteArray &json)
{
    std::vector<QUrl> urls;
    const QJsonArray links = QJsonDocument::fromJson(json).object().value(QLatin1StringView("links")).toArray();
    for (const auto &value : links) {
        const QJsonObject link = value.toObject();
        add(urls, link.value(QLatin1StringView("rel")).toString(), link.value(QLatin1StringView("href")).toString());
    }
    return urls;
}

std::vector<QUrl> webSocketsOfXrd(const QByteArray &xrd)
{
    std::vector<QUrl> urls;
    QXmlStreamReader reader(xrd);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"Link" &&
            reader.namespaceUri() == u"http://docs.oasis-open.org/ns/xri/xrd-1.0") {
            add(urls, reader.attributes().value(QLatin1StringView("rel")),
                reader.attributes().value(QLatin1StringView("href")).toString());
        }
    }
    return reader.hasError() ? std::vector<QUrl>() : urls;
}

HostMeta::HostMeta(QObject *parent)
    : QObject(parent)
    , m_network(new QNetworkAccessManager(this))
{
    m_network->setRedirectPolicy(QNetworkRequest::NoLessSafeRedirectPolicy);
}

HostMeta::~HostMeta()
{
    cancel();
}

QUrl HostMeta::placeOf(const QString &domain)
{
    QUrl place;
    place.setScheme(QStringLiteral("https"));
    place.setHost(domain);
    return place;
}

void HostMeta::ask(const QUrl &place, Done done)
{
    cancel();
    m_place = place;
    get(QStringLiteral("/.well-known/host-meta.json"), [this, done = std::move(done)](const auto &json) {
        if (const auto urls = json ? webSocketsOfJson(*json) : std::vector<QUrl>(); !urls.empty()) {
            done(urls.front());
            return;
        }
        if (!json && json.error().code() == base::ErrorCode::Unavailable) {
            done(json.error());
            return;
        }
        get(QStringLiteral("/.well-known/host-meta"), [done](const auto &xrd) {
            const auto urls = xrd ? webSocketsOfXrd(*xrd) : std::vector<QUrl>();
            if (!urls.empty()) {
                done(urls.front());
            } else {
                done(xrd ? base::Error(base::ErrorCode::NotFound, "no WebSocket is named") : xrd.error());
            }
        });
    });
}

void HostMeta::cancel()
{
    if (QNetworkReply *reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

/// NotFound when the server has no such document, Unavailable when there was no answer in HTTP.
void HostMeta::get(const QString &path, std::function<void(const base::Result<QByteArray> &)> done)
{
    QUrl url = m_place;
    url.setPath(path);
    QNetworkRequest request(url);
    request.setTransferTimeout(answerTimeout);
    request.setMaximumRedirectsAllowed(redirectsMax);
    QNetworkReply *reply = m_network->get(request);
    m_reply = reply;
    connect(reply, &QNetworkReply::readyRead, this, [reply] {
        if (reply->bytesAvailable() > documentBytesMax) {
            reply->abort();
        }
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply, done = std::move(done)] {
        m_reply = nullptr;
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (reply->error() == QNetworkReply::NoError && reply->bytesAvailable() <= documentBytesMax) {
            done(reply->readAll());
        } else {
            done(base::Error(status >= 400 ? base::ErrorCode::NotFound : base::ErrorCode::Unavailable,
                             reply->errorString().toStdString()));
        }
    });
}

} // namespace godwit::bridge
