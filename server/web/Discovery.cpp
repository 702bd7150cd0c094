// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/Discovery.h"

#include "xml/XmlWriter.h"

#include <array>
#include <utility>

namespace godwit::web
{

namespace
{

constexpr std::string_view webSocketRelation = "urn:xmpp:alt-connections:websocket";
constexpr std::string_view boshRelation = "urn:xmpp:alt-connections:xbosh";

std::array<std::pair<std::string_view, std::string_view>, 2> linksOf(const WireAddresses &addresses)
{
    return {{{webSocketRelation, addresses.webSocket}, {boshRelation, addresses.bosh}}};
}

} // namespace

http::Response hostMeta(const WireAddresses &addresses)
{
    http::Response response;
    response.fields.push_back({"Content-Type", "application/xrd+xml; charset=utf-8"});
    response.body = "<?xml version='1.0' encoding='utf-8'?>";
    xml::XmlWriter writer(response.body);
    writer.open("XRD", "http://docs.oasis-open.org/ns/xri/xrd-1.0");
    for (const auto &[relation, address] : linksOf(addresses)) {
        if (!address.empty()) {
            writer.open("Link").attribute("rel", relation).attribute("href", address).close();
        }
    }
    writer.close();
    return response;
}

http::Response hostMetaJson(const WireAddresses &addresses)
{
    http::Response response;
    response.fields.push_back({"Content-Type", "application/json"});
    // Addresses are made of a domain and a path, in which nothing needs to be escaped.
    std::string links;
    for (const auto &[relation, address] : linksOf(addresses)) {
        if (!address.empty()) {
            links += links.empty() ? "" : ",";
            links += "{\"rel\":\"" + std::string(relation) + "\",\"href\":\"" + std::string(address) + "\"}";
        }
    }
    response.body = "{\"links\":[" + links + "]}";
    return response;
}

http::Response webClient(std::string_view domain)
{
    http::Response response;
    response.fields.push_back({"Content-Type", "application/json"});
    response.body = "{\"domain\":\"" + std::string(domain) + "\",\"websocket\":\"" +
                    std::string(webSocketPath.substr(1)) + "\",\"bosh\":\"" + std::string(boshPath.substr(1)) + "\"}";
    return response;
}

} // namespace godwit::web
