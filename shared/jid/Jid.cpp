// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "jid/Jid.h"

#include "base/Utf8.h"
#include "jid/IpLiteral.h"
#include "jid/Precis.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace godwit::jid
{

namespace
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

/// Preparation can shrink text, but hardly to a quarter; nothing longer is looked at.
constexpr std::size_t rawPartBytesMax = 4 * jidPartBytesMax;
constexpr std::size_t labelBytesMax = 63;

enum AsciiUse : unsigned char { inLocal = 1, inDomain = 2, isUpper = 4 };

constexpr std::array<unsigned char, 128> asciiUses()
{
    std::array<unsigned char, 128> table{};
    for (unsigned char letter = 0x21; letter < 0x7f; ++letter) {
        table[letter] = inLocal;
    }
    // RFC 7622 §3.3.1
    for (const char letter : {'"', '&', '\'', '/', ':', '<', '>', '@'}) {
        table[static_cast<unsigned char>(letter)] = 0;
    }
    for (unsigned char letter = 0; letter < 128; ++letter) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        const bool lower = letter >= 'a' && letter <= 'z';
        const bool digit = letter >= '0' && letter <= '9';
        // An underscore is in no host name, but in the names of services that exist.
        if (upper || lower || digit || letter == '-' || letter == '.' || letter == '_') {
            table[letter] = static_cast<unsigned char>(table[letter] | inDomain);
        }
        if (upper) {
            table[letter] = static_cast<unsigned char>(table[letter] | isUpper);
        }
    }
    return table;
}

constexpr auto asciiUseOf = asciiUses();

Error invalid(const char *part, const char *words)
{
    return Error(ErrorCode::InvalidInput, std::string(part) + ' ' + words);
}

char lower(char letter)
{
    return (asciiUseOf[static_cast<unsigned char>(letter)] & isUpper) != 0 ? static_cast<char>(letter + 0x20) : letter;
}

/// Appends ASCII in lower case; false when a character is not for this use.
bool appendAscii(std::string &out, std::string_view text, AsciiUse use)
{
    for (const char letter : text) {
        if ((asciiUseOf[static_cast<unsigned char>(letter)] & use) == 0) {
            return false;
        }
        out += lower(letter);
    }
    return true;
}

bool hasExcluded(std::string_view local)
{
    return local.find_first_of("\"&'/:<>@") != std::string_view::npos;
}

Result<Ok> appendLocal(std::string &out, std::string_view local)
{
    if (base::isAscii(local)) {
        if (!appendAscii(out, local, inLocal)) {
            return invalid("local part", "has a character that is not allowed");
        }
        return Ok{};
    }
    Result<std::string> prepared = prepareUsername(local);
    if (!prepared) {
        return Error(ErrorCode::InvalidInput, "local part", std::move(prepared).error());
    }
    if (hasExcluded(*prepared)) {
        return invalid("local part", "has a character that is not allowed");
    }
    out += *prepared;
    return Ok{};
}

Result<Ok> appendResource(std::string &out, std::string_view resource)
{
    const std::size_t begin = out.size();
    if (base::isAscii(resource)) {
        for (const char letter : resource) {
            if (letter < 0x20 || letter == 0x7f) {
                return invalid("resource part", "has a control character");
            }
        }
        out += resource;
    } else {
        Result<std::string> prepared = prepareOpaque(resource);
        if (!prepared) {
            return Error(ErrorCode::InvalidInput, "resource part", std::move(prepared).error());
        }
        out += *prepared;
    }
    // RFC 7622 §3.5, example 18.
    if (out.size() > begin && out[begin] == ' ') {
        return invalid("resource part", "begins with a space");
    }
    return Ok{};
}

/// RFC 5890 §2.3.1 for each label: not empty, not too long, no hyphen at either end.
bool hasGoodLabels(std::string_view domain, std::size_t bytesMax = labelBytesMax)
{
    while (true) {
        const std::size_t dot = domain.find('.');
        const std::string_view label = domain.substr(0, dot);
        if (label.empty() || label.size() > bytesMax || label.front() == '-' || label.back() == '-') {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        domain.remove_prefix(dot + 1);
    }
}

/// True when a label begins with "xn--", in any case.
bool hasEncodedLabel(std::string_view domain)
{
    for (std::size_t at = domain.find("--"); at != std::string_view::npos; at = domain.find("--", at + 1)) {
        if (at >= 2 && lower(domain[at - 2]) == 'x' && lower(domain[at - 1]) == 'n' &&
            (at == 2 || domain[at - 3] == '.')) {
            return true;
        }
    }
    return false;
}

Result<Ok> appendIpLiteral(std::string &out, std::string_view domain)
{
    if (!domain.ends_with(']') || !isIpv6Address(domain.substr(1, domain.size() - 2))) {
        return invalid("domain part", "is no IP literal");
    }
    for (const char letter : domain) {
        out += lower(letter);
    }
    return Ok{};
}

/// Mapping can bring forth what the plain way checks before: dots, empty labels, delimiters.
bool isPreparedDomain(std::string_view domain)
{
    for (const char letter : domain) {
        const bool isPlain = static_cast<unsigned char>(letter) < 0x80;
        const unsigned char use = isPlain ? asciiUseOf[static_cast<unsigned char>(letter)] : 0;
        if (isPlain && ((use & inDomain) == 0 || (use & isUpper) != 0)) {
            return false;
        }
    }
    return hasGoodLabels(domain, jidPartBytesMax);
}

Result<Ok> appendInternationalDomain(std::string &out, std::string_view domain)
{
    Result<std::string> prepared = prepareDomainName(domain);
    if (!prepared) {
        return Error(ErrorCode::InvalidInput, "domain part", std::move(prepared).error());
    }
    std::string_view name = *prepared;
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    // Labels that are ASCII once they are prepared are not for prepareDomainName() to judge again.
    const bool isPlain = base::isAscii(name) && !hasEncodedLabel(name);
    const Result<std::string> again = isPlain ? Result<std::string>(std::string(name)) : prepareDomainName(name);
    if (!again || *again != name || !isPreparedDomain(name)) {
        return invalid("domain part", "is no domain name");
    }
    out += name;
    return Ok{};
}

Result<Ok> appendDomain(std::string &out, std::string_view domain)
{
    if (domain.starts_with('[')) {
        return appendIpLiteral(out, domain);
    }
    // RFC 7622 §3.2: the dot of the root is not part of the address.
    if (domain.ends_with('.')) {
        domain.remove_suffix(1);
    }
    const bool isPlain = base::isAscii(domain);
    if (isPlain && !hasEncodedLabel(domain)) {
        if (!hasGoodLabels(domain) || !appendAscii(out, domain, inDomain)) {
            return invalid("domain part", "is no domain name");
        }
        return Ok{};
    }
    return appendInternationalDomain(out, domain);
}

Result<Ok> checkSize(const char *part, std::size_t size)
{
    if (size == 0) {
        return invalid(part, "is empty");
    }
    if (size > jidPartBytesMax) {
        return invalid(part, "is longer than 1023 bytes");
    }
    return Ok{};
}

/// The parts of an address as it is written; one that is not there has no marker.
struct Parts {
    std::string_view local;
    std::string_view domain;
    std::string_view resource;
    bool hasLocal = false;
    bool hasResource = false;
};

Parts split(std::string_view text)
{
    Parts parts;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        parts.hasResource = true;
        parts.resource = text.substr(slash + 1);
        text = text.substr(0, slash);
    }
    const std::size_t at = text.find('@');
    if (at != std::string_view::npos) {
        parts.hasLocal = true;
        parts.local = text.substr(0, at);
        text.remove_prefix(at + 1);
    }
    parts.domain = text;
    return parts;
}

/// Prepares one part onto the end of `out` and checks its size before and after.
Result<Ok> append(std::string &out, std::string_view part, const char *name,
                  Result<Ok> (*prepare)(std::string &, std::string_view))
{
    if (part.size() > rawPartBytesMax) {
        return invalid(name, "is longer than 1023 bytes");
    }
    const std::size_t begin = out.size();
    if (part.empty()) {
        return invalid(name, "is empty");
    }
    Result<Ok> prepared = prepare(out, part);
    return prepared ? checkSize(name, out.size() - begin) : std::move(prepared);
}

} // namespace

namespace
{

struct Joined {
    std::string text;
    std::size_t domain = 0;
    std::size_t slash = 0;
};

Result<Joined> join(const Parts &parts)
{
    Joined joined;
    joined.text.reserve(parts.local.size() + parts.domain.size() + parts.resource.size() + 2);
    if (parts.hasLocal) {
        if (Result<Ok> local = append(joined.text, parts.local, "local part", appendLocal); !local) {
            return std::move(local).error();
        }
        joined.text += '@';
    }
    joined.domain = joined.text.size();
    if (Result<Ok> domain = append(joined.text, parts.domain, "domain part", appendDomain); !domain) {
        return std::move(domain).error();
    }
    joined.slash = joined.text.size();
    if (parts.hasResource) {
        joined.text += '/';
        if (Result<Ok> resource = append(joined.text, parts.resource, "resource part", appendResource); !resource) {
            return std::move(resource).error();
        }
    }
    return joined;
}

/// Where the parts of an address lie whose text is prepared as it stands.
struct Places {
    std::size_t domain = 0;
    std::size_t slash = 0;
};

/// What stays as it is.
constexpr std::array<unsigned char, 256> preparedUses()
{
    std::array<unsigned char, 256> table{};
    for (std::size_t letter = 0; letter < asciiUseOf.size(); ++letter) {
        table[letter] = (asciiUseOf[letter] & isUpper) == 0 ? asciiUseOf[letter] : 0;
    }
    return table;
}

constexpr auto preparedUseOf = preparedUses();

/// The size of the characters at the front that are `use` and stay as they are.
std::size_t spanOf(std::string_view text, AsciiUse use)
{
    std::size_t size = 0;
    while (size < text.size() && (preparedUseOf[static_cast<unsigned char>(text[size])] & use) != 0) {
        ++size;
    }
    return size;
}

/// Nearly every address is lower-case ASCII. One that is not, or breaks a rule, is left to the long way.
std::optional<Places> plainPlaces(std::string_view text)
{
    Places places;
    const std::size_t local = spanOf(text, inLocal);
    if (local < text.size() && text[local] == '@') {
        places.domain = local + 1;
        if (local == 0 || local > jidPartBytesMax) {
            return std::nullopt;
        }
    }
    const std::string_view behind = text.substr(places.domain);
    const std::string_view domain = behind.substr(0, spanOf(behind, inDomain));
    // Two hyphens may begin an encoded label.
    if (domain.size() > jidPartBytesMax || domain.find("--") != std::string_view::npos || !hasGoodLabels(domain)) {
        return std::nullopt;
    }
    places.slash = places.domain + domain.size();
    if (places.slash == text.size()) {
        return places;
    }
    const std::string_view resource = text.substr(places.slash + 1);
    if (text[places.slash] != '/' || resource.empty() || resource.size() > jidPartBytesMax || resource.front() == ' ') {
        return std::nullopt;
    }
    const bool isPrintable = std::ranges::all_of(resource, [](char letter) { return letter >= 0x20 && letter < 0x7f; });
    return isPrintable ? std::optional(places) : std::nullopt;
}

} // namespace

base::Result<Jid> Jid::parse(std::string_view text)
{
    if (const std::optional<Places> places = plainPlaces(text)) {
        Jid jid;
        jid.m_text = text;
        jid.m_domain = static_cast<std::uint16_t>(places->domain);
        jid.m_slash = static_cast<std::uint16_t>(places->slash);
        return jid;
    }
    Result<Joined> joined = join(split(text));
    if (!joined) {
        return std::move(joined).error();
    }
    Jid jid;
    jid.m_text = std::move(joined->text);
    jid.m_domain = static_cast<std::uint16_t>(joined->domain);
    jid.m_slash = static_cast<std::uint16_t>(joined->slash);
    return jid;
}

base::Result<Jid> Jid::fromParts(std::string_view local, std::string_view domain, std::string_view resource)
{
    Result<Joined> joined = join(Parts{local, domain, resource, !local.empty(), !resource.empty()});
    if (!joined) {
        return std::move(joined).error();
    }
    Jid jid;
    jid.m_text = std::move(joined->text);
    jid.m_domain = static_cast<std::uint16_t>(joined->domain);
    jid.m_slash = static_cast<std::uint16_t>(joined->slash);
    return jid;
}

Jid Jid::fromPrepared(std::string text)
{
    Jid jid;
    jid.m_text = std::move(text);
    const Parts parts = split(jid.m_text);
    const std::size_t domain = parts.hasLocal ? parts.local.size() + 1 : 0;
    jid.m_domain = static_cast<std::uint16_t>(domain);
    jid.m_slash = static_cast<std::uint16_t>(domain + parts.domain.size());
    return jid;
}

std::string_view Jid::local() const noexcept
{
    return m_domain > 0 ? std::string_view(m_text).substr(0, m_domain - 1u) : std::string_view();
}

std::string_view Jid::resource() const noexcept
{
    return m_slash < m_text.size() ? std::string_view(m_text).substr(m_slash + 1u) : std::string_view();
}

Jid Jid::bare() const
{
    Jid jid;
    jid.m_text = m_text.substr(0, m_slash);
    jid.m_domain = m_domain;
    jid.m_slash = m_slash;
    return jid;
}

Jid Jid::host() const
{
    Jid jid;
    jid.m_text = domain();
    jid.m_slash = static_cast<std::uint16_t>(jid.m_text.size());
    return jid;
}

base::Result<Jid> Jid::withResource(std::string_view resource) const
{
    Jid jid = bare();
    jid.m_text += '/';
    if (Result<Ok> appended = append(jid.m_text, resource, "resource part", appendResource); !appended) {
        return std::move(appended).error();
    }
    return jid;
}

} // namespace godwit::jid
