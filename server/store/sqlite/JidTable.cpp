// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/JidTable.h"

#include "store/StoreLimits.h"

namespace godwit::store
{

void JidTable::prepare(Database &database)
{
    m_database = &database;
    m_find = database.mustPrepare("SELECT id FROM jid WHERE text=?1");
    m_insert = database.mustPrepare("INSERT INTO jid(text) VALUES(?1)");
    m_text = database.mustPrepare("SELECT text FROM jid WHERE id=?1");
}

JidId JidTable::find(std::string_view jid)
{
    if (const auto known = m_ids.find(jid); known != m_ids.end()) {
        return known->second;
    }
    const StatementScope scope(m_find);
    m_find.bindText(1, jid);
    if (!m_find.step()) {
        if (m_find.failure() != DbFailure::None) {
            storageFailed("reading a JID", m_find.failureText());
        }
        return JidId();
    }
    makeRoom();
    const JidId id(m_find.number(0));
    m_ids.emplace(jid, id);
    return id;
}

JidId JidTable::intern(std::string_view jid, DbFailure &failure)
{
    failure = DbFailure::None;
    if (const JidId known = find(jid); known != JidId()) {
        return known;
    }
    m_insert.bindText(1, jid);
    failure = m_insert.run();
    if (failure != DbFailure::None) {
        return JidId();
    }
    const JidId id(m_database->lastRowId());
    makeRoom();
    m_ids.emplace(jid, id);
    return id;
}

std::string JidTable::text(JidId id)
{
    if (const auto known = m_texts.find(id); known != m_texts.end()) {
        return known->second;
    }
    const StatementScope scope(m_text);
    m_text.bind(1, id.value);
    std::string text;
    if (m_text.step()) {
        text = m_text.bytes(0);
    } else if (m_text.failure() != DbFailure::None) {
        storageFailed("reading a JID", m_text.failureText());
    }
    if (m_texts.size() >= limits::jidCacheMax) {
        m_texts.clear();
    }
    return m_texts.emplace(id, std::move(text)).first->second;
}

void JidTable::makeRoom()
{
    if (m_ids.size() >= limits::jidCacheMax) {
        m_ids.clear();
    }
}

} // namespace godwit::store
