// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/ParserPoolImpl.h"

#include <utility>

namespace godwit::xml
{

namespace
{

/// Distinct headers that are remembered; more kinds of clients than this just share less.
constexpr std::size_t recentMax = 16;
/// Parsers that wait; more are needed only when a handler feeds another stream of its thread.
constexpr std::size_t idleMax = 2;

} // namespace

ParserPool::Impl::Loan::Loan(Impl &pool)
    : m_pool(pool)
{
    if (m_pool.m_idle.empty()) {
        m_parser = std::make_unique<ElementParser>();
    } else {
        m_parser = std::move(m_pool.m_idle.back());
        m_pool.m_idle.pop_back();
    }
    ++m_pool.m_lent;
}

ParserPool::Impl::Loan::~Loan()
{
    --m_pool.m_lent;
    if (m_pool.m_idle.size() < idleMax) {
        m_pool.m_idle.push_back(std::move(m_parser));
    }
}

ParserPool::Impl::Impl()
{
    NamespaceSet framed;
    framed.contentNs = contentNamespace;
    m_framed = std::make_shared<const NamespaceSet>(std::move(framed));
}

std::shared_ptr<const NamespaceSet> ParserPool::Impl::share(NamespaceSet &&set)
{
    for (const std::shared_ptr<const NamespaceSet> &recent : m_recent) {
        if (*recent == set) {
            return recent;
        }
    }
    auto shared = std::make_shared<const NamespaceSet>(std::move(set));
    if (m_recent.size() < recentMax) {
        m_recent.push_back(shared);
    } else {
        m_recent[m_oldest] = shared;
        m_oldest = (m_oldest + 1) % recentMax;
    }
    return shared;
}

/// A handler may feed another stream of the thread, so the scanner in use is never the pool's.
ElementScanner ParserPool::Impl::takeScanner()
{
    return std::exchange(m_scanner, ElementScanner());
}

ParserPool::ParserPool()
    : m_impl(std::make_unique<Impl>())
{
}

ParserPool::~ParserPool() = default;

std::size_t ParserPool::lent() const
{
    return m_impl->lent();
}

std::size_t ParserPool::idle() const
{
    return m_impl->idle();
}

} // namespace godwit::xml
