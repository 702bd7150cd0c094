// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "router/Resource.h"

#include "router/Account.h"

namespace godwit::router
{

namespace
{

/// The resource in an attribute of a row's start tag. Kept bytes are escaped, and so a resource with one of the five
/// characters is found after unescaping.
std::string resourceIn(std::string_view address)
{
    const std::size_t slash = address.find('/');
    if (slash == std::string_view::npos) {
        return {};
    }
    std::string resource(address.substr(slash + 1));
    constexpr std::pair<std::string_view, char> entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}, {"&quot;", '"'}, {"&amp;", '&'}};
    for (const auto &[entity, letter] : entities) {
        for (std::size_t at = resource.find(entity); at != std::string::npos; at = resource.find(entity, at + 1)) {
            resource.replace(at, entity.size(), 1, letter);
        }
    }
    return resource;
}

} // namespace

Resource::Resource(Account &account, session::SessionId id, jid::Jid full, std::string device,
                   session::SessionHost &host, const session::SessionLimits &limits, const base::Clock &clock,
                   base::Random &random)
    : m_account(account)
    , m_session(id, std::move(full), host, limits, clock, random)
    , m_device(std::move(device))
{
}

bool Resource::setPresence(int priority)
{
    const bool before = takesMessages();
    m_announced = true;
    m_available = true;
    m_priority = static_cast<std::int8_t>(priority);
    return !before && takesMessages();
}

void Resource::setReadsArchive()
{
    if (!m_announced && m_archiveRead == ledger::Seq()) {
        m_archiveRead = cursor.live;
    }
}

bool Resource::anonymous() const
{
    return m_account.kind() == AccountKind::Anonymous;
}

std::optional<ledger::RowForm> Resource::formOf(const ledger::LogRow &row) const
{
    const bool carbon = m_carbons && ledger::has(row.flags, ledger::RowFlag::Carbon);
    if (row.recipient == m_account.text() && ledger::has(row.flags, ledger::RowFlag::RecipientHere)) {
        if (row.seq <= m_archiveRead && ledger::has(row.flags, ledger::RowFlag::ArchiveRecipient)) {
            return std::nullopt;
        }
        const std::string resource = resourceIn(ledger::startTagAttribute(*row.stanza, "to"));
        if (!resource.empty() && m_account.reaches(resource, row.seq)) {
            if (resource == jid().resource()) {
                return ledger::RowForm::Direct;
            }
            return carbon ? std::optional(ledger::RowForm::CarbonReceived) : std::nullopt;
        }
        if (takesMessages()) {
            return ledger::RowForm::Direct;
        }
        return carbon ? std::optional(ledger::RowForm::CarbonReceived) : std::nullopt;
    }
    // An event is a matter of who sent the message that it answers.
    if (row.sender != m_account.text() || !carbon || ledger::has(row.flags, ledger::RowFlag::Event)) {
        return std::nullopt;
    }
    const bool mine = resourceIn(ledger::startTagAttribute(*row.stanza, "from")) == jid().resource();
    return mine ? std::nullopt : std::optional(ledger::RowForm::CarbonSent);
}

void Resource::writeRow(const ledger::LogRow &row, ledger::RowForm form, ledger::Gap gap, ledger::Lateness lateness)
{
    m_session.writeRow(row.seq, form, gap,
                       [&](std::string &out) { m_account.rowText().append(out, row, form, lateness, jid().text()); });
}

void Resource::advanceLater()
{
    m_session.wakeAfter(readAgainAfter);
}

void Resource::write(std::string_view bytes)
{
    m_session.write(bytes, session::Weight::Must, {});
}

void Resource::writeProving(std::string_view bytes, ledger::Seq seq)
{
    m_session.writeProving(bytes, seq);
}

} // namespace godwit::router
