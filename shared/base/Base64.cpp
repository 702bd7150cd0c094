// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Base64.h"

#include <array>

namespace godwit::base
{

namespace
{

constexpr std::string_view standardAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t foreign = 0xff;

constexpr std::array<std::uint8_t, 256> invert(std::string_view alphabet)
{
    std::array<std::uint8_t, 256> table{};
    table.fill(foreign);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}

constexpr auto standardValues = invert(standardAlphabet);
constexpr auto urlValues = invert(urlAlphabet);

std::string encode(std::span<const std::uint8_t> bytes, std::string_view alphabet)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            text += alphabet[(bits >> held) & 0x3f];
        }
    }
    if (held > 0) {
        text += alphabet[(bits << (6 - held)) & 0x3f];
    }
    return text;
}

template <class Bytes>
bool decode(std::string_view text, const std::array<std::uint8_t, 256> &values, Bytes &bytes)
{
    if (text.size() % 4 == 1) {
        return false;
    }
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char letter : text) {
        const std::uint8_t value = values[static_cast<unsigned char>(letter)];
        if (value == foreign) {
            return false;
        }
        bits = (bits << 6) | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<typename Bytes::value_type>((bits >> held) & 0xff));
        }
    }
    return (bits & ((1u << held) - 1)) == 0;
}

} // namespace

std::string encodeBase64(std::span<const std::uint8_t> bytes)
{
    std::string text = encode(bytes, standardAlphabet);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string encodeBase64(std::string_view bytes)
{
    return encodeBase64(std::span(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
        text.remove_suffix(1);
    }
    std::string bytes;
    if (!decode(text, standardValues, bytes)) {
        return std::nullopt;
    }
    return bytes;
}

std::string encodeBase64Url(std::span<const std::uint8_t> bytes)
{
    return encode(bytes, urlAlphabet);
}

std::optional<std::vector<std::uint8_t>> decodeBase64Url(std::string_view text)
{
    std::vector<std::uint8_t> bytes;
    if (!decode(text, urlValues, bytes)) {
        return std::nullopt;
    }
    return bytes;
}

} // namespace godwit::base
