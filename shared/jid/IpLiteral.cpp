// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "jid/IpLiteral.h"

#include <cstddef>

namespace godwit::jid
{

namespace
{

bool isHexGroup(std::string_view group)
{
    if (group.empty() || group.size() > 4) {
        return false;
    }
    for (const char digit : group) {
        const bool hex =
            (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
        if (!hex) {
            return false;
        }
    }
    return true;
}

/// Counts the 16-bit groups of a run without "::"; an IPv4 address at its end counts two. Nothing for a bad run.
bool countGroups(std::string_view run, bool mayEndInIpv4, std::size_t &groups)
{
    groups = 0;
    while (!run.empty()) {
        const std::size_t colon = run.find(':');
        const std::string_view group = run.substr(0, colon);
        const bool isLast = colon == std::string_view::npos;
        if (isLast && mayEndInIpv4 && isIpv4Address(group)) {
            groups += 2;
            return true;
        }
        if (!isHexGroup(group)) {
            return false;
        }
        ++groups;
        if (isLast) {
            return true;
        }
        run.remove_prefix(colon + 1);
        if (run.empty()) {
            return false;
        }
    }
    return true;
}

} // namespace

bool isIpv4Address(std::string_view text)
{
    for (int part = 0; part < 4; ++part) {
        std::size_t digits = 0;
        unsigned value = 0;
        while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') {
            value = value * 10 + static_cast<unsigned>(text[digits] - '0');
            ++digits;
        }
        if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && text.front() == '0')) {
            return false;
        }
        text.remove_prefix(digits);
        if (part < 3) {
            if (!text.starts_with('.')) {
                return false;
            }
            text.remove_prefix(1);
        }
    }
    return text.empty();
}

bool isIpv6Address(std::string_view text)
{
    const std::size_t gap = text.find("::");
    std::size_t groups = 0;
    if (gap == std::string_view::npos) {
        return countGroups(text, true, groups) && groups == 8;
    }
    std::size_t behind = 0;
    return countGroups(text.substr(0, gap), false, groups) && countGroups(text.substr(gap + 2), true, behind) &&
           groups + behind <= 7;
}

} // namespace godwit::jid
