// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <memory>

namespace godwit::base
{

/// Lets a continuation die with its context: a callback that may come after its owner is gone holds the owner's
/// watch() and does nothing once expired() is true. Costs nothing until the first watch(). Owner and callback share a
/// thread.
class Lifetime
{
public:
    Lifetime() = default;
    Lifetime(const Lifetime &) = delete;
    Lifetime &operator=(const Lifetime &) = delete;

    std::weak_ptr<const char> watch()
    {
        if (!m_token) {
            m_token = std::make_shared<const char>('\0');
        }
        return m_token;
    }

private:
    std::shared_ptr<const char> m_token;
};

} // namespace godwit::base
