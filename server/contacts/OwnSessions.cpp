// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/OwnSessions.h"

#include <algorithm>

namespace godwit::contacts
{

bool OwnSession::sentDirectedTo(std::string_view entity) const
{
    return directed && std::binary_search(directed->begin(), directed->end(), entity);
}

bool OwnSession::addDirected(std::string_view entity, std::size_t directedMax)
{
    if (!directed) {
        directed = std::make_unique<std::vector<std::string>>();
    }
    const auto at = std::lower_bound(directed->begin(), directed->end(), entity);
    if (at != directed->end() && *at == entity) {
        return true;
    }
    if (directed->size() >= directedMax) {
        return false;
    }
    directed->emplace(at, entity);
    return true;
}

void OwnSession::removeDirected(std::string_view entity)
{
    if (!directed) {
        return;
    }
    const auto at = std::lower_bound(directed->begin(), directed->end(), entity);
    if (at != directed->end() && *at == entity) {
        directed->erase(at);
    }
    if (directed->empty()) {
        directed.reset();
    }
}

OwnSession *OwnSessions::find(SessionKey key)
{
    const auto at = std::ranges::find(m_sessions, key, &OwnSession::key);
    return at == m_sessions.end() ? nullptr : &*at;
}

const OwnSession *OwnSessions::find(SessionKey key) const
{
    const auto at = std::ranges::find(m_sessions, key, &OwnSession::key);
    return at == m_sessions.end() ? nullptr : &*at;
}

OwnSession &OwnSessions::obtain(SessionKey key, std::string_view resource)
{
    if (OwnSession *session = find(key)) {
        return *session;
    }
    OwnSession &session = m_sessions.emplace_back();
    session.key = key;
    session.resource = resource;
    return session;
}

void OwnSessions::remove(SessionKey key)
{
    std::erase_if(m_sessions, [key](const OwnSession &session) { return session.key == key; });
}

bool OwnSessions::anyHears() const
{
    return std::ranges::any_of(m_sessions, &OwnSession::hears);
}

} // namespace godwit::contacts
