// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/SentKeys.h"

#include <algorithm>

namespace godwit::ledger
{

SentKeys::Verdict SentKeys::look(const base::Hash128 &key) const
{
    if (m_onItsWay.contains(key)) {
        return Verdict::OnItsWay;
    }
    return std::find(m_done.begin(), m_done.end(), key) != m_done.end() ? Verdict::Done : Verdict::New;
}

void SentKeys::begin(const base::Hash128 &key)
{
    const bool isNew = m_onItsWay.try_emplace(key).second;
    GW_ASSERT(isNew);
}

void SentKeys::join(const base::Hash128 &key, Waiter waiter)
{
    const auto found = m_onItsWay.find(key);
    GW_ASSERT(found != m_onItsWay.end());
    found->second.push_back(waiter);
}

std::vector<Waiter> SentKeys::done(const base::Hash128 &key)
{
    std::vector<Waiter> waiters = failed(key);
    remember(key);
    return waiters;
}

std::vector<Waiter> SentKeys::failed(const base::Hash128 &key)
{
    const auto found = m_onItsWay.find(key);
    GW_ASSERT(found != m_onItsWay.end());
    std::vector<Waiter> waiters = std::move(found->second);
    m_onItsWay.erase(found);
    return waiters;
}

void SentKeys::load(const std::vector<SentKey> &keys)
{
    std::vector<base::Hash128> since = std::move(m_done);
    m_done.clear();
    m_next = 0;
    for (const SentKey &sent : keys) {
        remember(sent.key);
    }
    for (const base::Hash128 &key : since) {
        remember(key);
    }
}

void SentKeys::remember(const base::Hash128 &key)
{
    if (m_done.size() < m_keysMax) {
        m_done.push_back(key);
        return;
    }
    m_done[m_next] = key;
    m_next = (m_next + 1) % m_keysMax;
}

} // namespace godwit::ledger
