// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "websocket/Handshake.h"

#include "base/Base64.h"
#include "crypto/Digest.h"

#include <algorithm>
#include <array>
#include <vector>

namespace godwit::websocket
{

namespace
{

constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::string_view version = "13";
constexpr std::size_t keyBytes = 16;

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the part before `separator` off the front of `text`.
std::string_view cut(std::string_view &text, char separator)
{
    const std::size_t end = text.find(separator);
    const std::string_view part = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return part;
}

Handshake refusal(http::Status status, std::string_view text)
{
    Handshake handshake;
    handshake.response = http::plainResponse(status, text);
    return handshake;
}

/// A parameter of an extension (RFC 6455 §9.1).
struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value; ///< without its quotation marks

    bool operator==(std::string_view other) const { return name == other; }
};

std::vector<Parameter> readParameters(std::string_view text)
{
    std::vector<Parameter> parameters;
    while (!text.empty()) {
        std::string_view rest = cut(text, ';');
        const bool valued = rest.find('=') != std::string_view::npos;
        Parameter parameter{cut(rest, '='), std::nullopt};
        if (valued) {
            rest = trimmed(rest);
            const bool quoted = rest.size() >= 2 && rest.front() == '"' && rest.back() == '"';
            parameter.value = quoted ? rest.substr(1, rest.size() - 2) : rest;
        }
        parameters.push_back(parameter);
    }
    return parameters;
}

/// RFC 7692 §7.1.2: 8 to 15, without a zero in front.
bool isWindow(std::string_view value)
{
    constexpr std::array<std::string_view, 8> windows = {"8", "9", "10", "11", "12", "13", "14", "15"};
    return std::ranges::find(windows, value) != windows.end();
}

/// What we answer to one offer of permessage-deflate.
struct Agreement {
    CompressionTerms terms;
    bool ourWindow = false; ///< the offer names the window of our messages, so the answer has to
};

/// RFC 7692 §7.1: nothing when it asks for what we do not do, or for what is not defined.
std::optional<Agreement> acceptable(const std::vector<Parameter> &parameters, Takeover takeover)
{
    Agreement agreement{{takeover, takeover}};
    for (const Parameter &parameter : parameters) {
        if (std::ranges::count(parameters, parameter.name, &Parameter::name) > 1) {
            return std::nullopt;
        }
        const std::optional<std::string_view> value = parameter.value;
        if (parameter == "server_no_context_takeover" && !value) {
            agreement.terms.ours = Takeover::No;
        } else if (parameter == "client_no_context_takeover" && !value) {
            agreement.terms.theirs = Takeover::No;
        } else if (parameter == "server_max_window_bits" && value == "15") {
            agreement.ourWindow = true;
        } else if (parameter != "client_max_window_bits" || (value && !isWindow(*value))) {
            return std::nullopt;
        }
    }
    return agreement;
}

void agreeOnCompression(const http::Request &request, Takeover takeover, Handshake &handshake)
{
    std::optional<Agreement> agreement;
    for (const http::Field &field : request.fields) {
        std::string_view offers = field.name == "sec-websocket-extensions" ? std::string_view(field.value) : "";
        while (!offers.empty() && !agreement) {
            std::string_view parameters = cut(offers, ',');
            if (cut(parameters, ';') == "permessage-deflate") {
                agreement = acceptable(readParameters(parameters), takeover);
            }
        }
    }
    if (!agreement) {
        return;
    }
    handshake.compression = agreement->terms;
    std::string answer = "permessage-deflate";
    if (handshake.compression->ours == Takeover::No) {
        answer += "; server_no_context_takeover";
    }
    if (handshake.compression->theirs == Takeover::No) {
        answer += "; client_no_context_takeover";
    }
    if (agreement->ourWindow) {
        answer += "; server_max_window_bits=15";
    }
    handshake.response.fields.push_back({"Sec-WebSocket-Extensions", std::move(answer)});
}

} // namespace

Handshake answerHandshake(const http::Request &request, const HandshakeOptions &options)
{
    if (request.method != http::Method::Get || request.minorVersion < 1 || !request.lists("connection", "upgrade") ||
        !request.lists("upgrade", "websocket")) {
        Handshake handshake = refusal(http::Status::UpgradeRequired, "This address speaks WebSocket (RFC 7395)");
        handshake.response.fields.push_back({"Upgrade", "websocket"});
        handshake.response.fields.push_back({"Connection", "Upgrade"});
        handshake.response.fields.push_back({"Sec-WebSocket-Version", std::string(version)});
        return handshake;
    }
    if (request.field("sec-websocket-version") != version) {
        Handshake handshake = refusal(http::Status::UpgradeRequired, "This server speaks version 13 of WebSocket");
        handshake.response.fields.push_back({"Upgrade", "websocket"});
        handshake.response.fields.push_back({"Connection", "Upgrade"});
        handshake.response.fields.push_back({"Sec-WebSocket-Version", std::string(version)});
        return handshake;
    }
    const std::string_view key = request.field("sec-websocket-key");
    const std::optional<std::string> nonce = base::decodeBase64(key);
    if (request.count("sec-websocket-key") != 1 || !nonce || nonce->size() != keyBytes || !request.body.empty()) {
        return refusal(http::Status::BadRequest, "The handshake has no valid Sec-WebSocket-Key");
    }
    const auto chosen = std::ranges::find_if(options.subprotocols, [&](const Subprotocol &offered) {
        return request.lists("sec-websocket-protocol", offered.name);
    });
    if (chosen == options.subprotocols.end()) {
        return refusal(http::Status::BadRequest, "The handshake names no subprotocol of this server, as \"xmpp\"");
    }
    Handshake handshake;
    handshake.subprotocol = chosen->name;
    handshake.response.status = http::Status::SwitchingProtocols;
    handshake.response.fields = {
        {"Upgrade", "websocket"},
        {"Connection", "Upgrade"},
        {"Sec-WebSocket-Accept",
         base::encodeBase64(crypto::digest(crypto::Hash::Sha1, std::string(key) + std::string(guid)))},
        {"Sec-WebSocket-Protocol", handshake.subprotocol},
    };
    if (options.compression && chosen->compressible) {
        agreeOnCompression(request, options.takeover, handshake);
    }
    return handshake;
}

} // namespace godwit::websocket
