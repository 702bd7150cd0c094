// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/ScramMessages.h"

#include "base/Base64.h"

#include <algorithm>
#include <optional>

namespace godwit::stream
{

namespace
{

base::Error malformed(std::string what)
{
    return {base::ErrorCode::InvalidInput, std::move(what)};
}

/// Takes the text up to the next comma, and the comma, off the front of `rest`.
std::string_view takeField(std::string_view &rest)
{
    const std::size_t comma = rest.find(',');
    const std::string_view field = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return field;
}

/// saslname: "=2C" is a comma, "=3D" an equals sign, any other "=" is an error.
std::optional<std::string> decodeName(std::string_view text)
{
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') {
            return std::nullopt;
        }
        if (text[i] != '=') {
            name += text[i];
            continue;
        }
        const std::string_view code = text.substr(i, 3);
        if (code == "=2C") {
            name += ',';
        } else if (code == "=3D") {
            name += '=';
        } else {
            return std::nullopt;
        }
        i += 2;
    }
    return name.empty() ? std::nullopt : std::optional<std::string>(std::move(name));
}

bool isNonce(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e && c != ','; });
}

/// cb-name: letters, digits, "." and "-".
bool isBindingType(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

/// attr-val: a letter, "=", and something.
bool isExtension(std::string_view field)
{
    return field.size() >= 3 && field[1] == '=' &&
           ((field[0] >= 'a' && field[0] <= 'z') || (field[0] >= 'A' && field[0] <= 'Z')) &&
           field.find('\0') == std::string_view::npos;
}

/// What is left of a message: extensions, which are passed over (RFC 5802 §5.1).
bool areExtensions(std::string_view rest)
{
    while (!rest.empty()) {
        if (!isExtension(takeField(rest))) {
            return false;
        }
    }
    return true;
}

bool parseFlag(std::string_view field, ScramClientFirst &first)
{
    if (field == "n") {
        first.flag = BindingFlag::Unsupported;
        return true;
    }
    if (field == "y") {
        first.flag = BindingFlag::NotOffered;
        return true;
    }
    if (!field.starts_with("p=") || !isBindingType(field.substr(2))) {
        return false;
    }
    first.flag = BindingFlag::Used;
    first.bindingType = field.substr(2);
    return true;
}

} // namespace

base::Result<ScramClientFirst> parseClientFirst(std::string_view message)
{
    ScramClientFirst first;
    std::string_view rest = message;
    if (message.ends_with(',')) {
        return malformed("the message ends in a comma");
    }
    if (!parseFlag(takeField(rest), first)) {
        return malformed("the channel binding flag is none of n, y, p");
    }
    if (rest.empty()) {
        return malformed("the message ends in its header");
    }
    const std::string_view authzid = takeField(rest);
    if (!authzid.empty()) {
        const std::optional<std::string> decoded =
            authzid.starts_with("a=") ? decodeName(authzid.substr(2)) : std::nullopt;
        if (!decoded) {
            return malformed("the authorization identity cannot be read");
        }
        first.authzid = *decoded;
    }
    first.header = message.substr(0, message.size() - rest.size());
    first.bare = rest;
    const std::string_view username = takeField(rest);
    if (username.starts_with("m=")) {
        return malformed("mandatory extensions are not supported");
    }
    const std::optional<std::string> name = username.starts_with("n=") ? decodeName(username.substr(2)) : std::nullopt;
    if (!name) {
        return malformed("the user name cannot be read");
    }
    first.username = *name;
    const std::string_view nonce = takeField(rest);
    if (!nonce.starts_with("r=") || !isNonce(nonce.substr(2))) {
        return malformed("the nonce cannot be read");
    }
    first.nonce = nonce.substr(2);
    if (!areExtensions(rest)) {
        return malformed("what follows the nonce is no extension");
    }
    return first;
}

base::Result<ScramClientFinal> parseClientFinal(std::string_view message)
{
    ScramClientFinal final;
    // The proof is the last attribute; its base64 has no comma.
    const std::size_t proofAt = message.rfind(",p=");
    if (proofAt == std::string_view::npos) {
        return malformed("there is no proof");
    }
    std::optional<std::string> proof = base::decodeBase64(message.substr(proofAt + 3));
    if (!proof || proof->empty()) {
        return malformed("the proof is not base64");
    }
    final.proof = std::move(*proof);
    final.withoutProof = message.substr(0, proofAt);
    std::string_view rest = final.withoutProof;
    if (rest.ends_with(',')) {
        return malformed("there is nothing between two commas");
    }
    const std::string_view binding = takeField(rest);
    std::optional<std::string> decoded =
        binding.starts_with("c=") ? base::decodeBase64(binding.substr(2)) : std::nullopt;
    if (!decoded || decoded->empty()) {
        return malformed("the channel binding cannot be read");
    }
    final.binding = std::move(*decoded);
    const std::string_view nonce = takeField(rest);
    if (!nonce.starts_with("r=") || !isNonce(nonce.substr(2))) {
        return malformed("the nonce cannot be read");
    }
    final.nonce = nonce.substr(2);
    if (!areExtensions(rest)) {
        return malformed("what follows the nonce is no extension");
    }
    return final;
}

std::string writeServerFirst(const ScramServerFirst &message)
{
    std::string out = "r=";
    out += message.nonce;
    out += ",s=";
    out += base::encodeBase64(message.salt);
    out += ",i=";
    out += std::to_string(message.iterations);
    return out;
}

} // namespace godwit::stream
