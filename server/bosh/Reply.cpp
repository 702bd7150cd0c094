// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/Reply.h"

#include <algorithm>

namespace godwit::bosh
{

namespace
{

constexpr std::size_t mediaTypeBytesMax = 128;
constexpr std::string_view usualMediaType = "text/xml; charset=utf-8";

bool mayStandInMediaType(char letter)
{
    return letter >= ' ' && letter <= '~';
}

} // namespace

std::string usableMediaType(std::string_view content)
{
    const std::size_t slash = content.find('/');
    const bool named = slash != std::string_view::npos && slash > 0 && content.front() != ' ';
    const bool usable =
        named && content.size() <= mediaTypeBytesMax && std::ranges::all_of(content, mayStandInMediaType);
    return usable && content != usualMediaType ? std::string(content) : std::string();
}

Reply::Status statusOf(std::string_view condition)
{
    if (condition == "bad-request") {
        return Reply::Status::BadRequest;
    }
    if (condition == "policy-violation") {
        return Reply::Status::Forbidden;
    }
    return condition == "item-not-found" ? Reply::Status::NotFound : Reply::Status::Ok;
}

} // namespace godwit::bosh
