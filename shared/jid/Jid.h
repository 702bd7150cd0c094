// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// An XMPP address (RFC 7622), prepared once when it is parsed: two Jids are the same address exactly when their text
// is equal byte for byte.
#pragma once

#include "base/Result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace godwit::jid
{

/// Each part is at most 1023 bytes of UTF-8 after preparation (RFC 7622 §3.1).
inline constexpr std::size_t jidPartBytesMax = 1023;

/// A valid address, or the empty Jid (no address at all). A value of one string and two offsets.
class Jid
{
public:
    Jid() = default;

    /// Prepares and checks `[local@]domain[/resource]`. InvalidInput says which part breaks which rule. ASCII text is
    /// handled without conversion; other text is prepared by PRECIS (UsernameCaseMapped for the local part,
    /// OpaqueString for the resource), the domain to lower-case U-labels.
    static base::Result<Jid> parse(std::string_view text);
    /// Joins parts, preparing them like parse(). `local` and `resource` may be empty.
    static base::Result<Jid> fromParts(std::string_view local, std::string_view domain, std::string_view resource);
    /// Takes text that an earlier Jid gave as text(), without preparing it again (it comes from our own store).
    static Jid fromPrepared(std::string text);

    bool empty() const noexcept { return m_text.empty(); }
    bool isBare() const noexcept { return m_slash == m_text.size(); }
    bool hasLocal() const noexcept { return m_domain > 0; }

    const std::string &text() const noexcept { return m_text; }
    std::string_view bareText() const noexcept { return std::string_view(m_text).substr(0, m_slash); }
    std::string_view local() const noexcept;
    std::string_view domain() const noexcept { return bareText().substr(m_domain); }
    std::string_view resource() const noexcept;

    Jid bare() const;
    /// The domain alone.
    Jid host() const;
    base::Result<Jid> withResource(std::string_view resource) const;

    friend bool operator==(const Jid &a, const Jid &b) noexcept { return a.m_text == b.m_text; }
    friend auto operator<=>(const Jid &a, const Jid &b) noexcept { return a.m_text <=> b.m_text; }

private:
    std::string m_text;
    std::uint16_t m_domain = 0; ///< where the domain begins
    std::uint16_t m_slash = 0;  ///< where the bare part ends; size of the text when there is no resource
};

} // namespace godwit::jid

template <>
struct std::hash<godwit::jid::Jid> {
    std::size_t operator()(const godwit::jid::Jid &jid) const noexcept { return std::hash<std::string>{}(jid.text()); }
};
