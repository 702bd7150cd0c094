// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "xml/ElementParser.h"
#include "xml/ElementScanner.h"
#include "xml/NamespaceSet.h"
#include "xml/StreamParser.h"

#include <memory>
#include <vector>

namespace godwit::xml
{

/// What the streams of a thread share: parsers, the scanner of whoever is reading, the headers seen lately.
class ParserPool::Impl
{
public:
    /// A parser that is out; it goes back when the loan ends.
    class Loan
    {
    public:
        explicit Loan(Impl &pool);
        ~Loan();
        Loan(const Loan &) = delete;
        Loan &operator=(const Loan &) = delete;
        ElementParser &parser() { return *m_parser; }

    private:
        Impl &m_pool;
        std::unique_ptr<ElementParser> m_parser;
    };

    /// The shared copy of a header's namespaces.
    std::shared_ptr<const NamespaceSet> share(NamespaceSet &&set);
    const std::shared_ptr<const NamespaceSet> &framed() const { return m_framed; }
    ElementScanner takeScanner();
    void giveScanner(ElementScanner &&scanner) { m_scanner = std::move(scanner); }
    std::size_t lent() const { return m_lent; }
    std::size_t idle() const { return m_idle.size(); }

    Impl();

private:
    std::vector<std::unique_ptr<ElementParser>> m_idle;
    std::size_t m_lent = 0;
    ElementScanner m_scanner;
    std::shared_ptr<const NamespaceSet> m_framed;
    std::vector<std::shared_ptr<const NamespaceSet>> m_recent;
    std::size_t m_oldest = 0;
};

} // namespace godwit::xml
