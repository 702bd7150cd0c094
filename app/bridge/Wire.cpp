// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/Wire.h"

#include <array>
#include <utility>

namespace godwit::bridge
{

namespace
{

constexpr std::array<std::pair<Wire, QLatin1StringView>, 4> words{{
    {Wire::Automatic, QLatin1StringView("auto")},
    {Wire::Tcp, QLatin1StringView("tcp")},
    {Wire::WebSocket, QLatin1StringView("websocket")},
    {Wire::Compact, QLatin1StringView("compact")},
}};

} // namespace

QString wireWord(Wire wire)
{
    for (const auto &[known, word] : words) {
        if (known == wire) {
            return word;
        }
    }
    return {};
}

std::optional<Wire> wireOfWord(QStringView word)
{
    for (const auto &[wire, known] : words) {
        if (known == word) {
            return wire;
        }
    }
    return std::nullopt;
}

} // namespace godwit::bridge
