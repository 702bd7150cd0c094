// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <utility>

namespace godwit::net
{

/// Owns one file descriptor of the operating system and closes it.
class Descriptor
{
public:
    Descriptor() noexcept = default;
    explicit Descriptor(int number) noexcept
        : m_number(number)
    {
    }
    Descriptor(Descriptor &&other) noexcept
        : m_number(std::exchange(other.m_number, -1))
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        if (this != &other) {
            close();
            m_number = std::exchange(other.m_number, -1);
        }
        return *this;
    }
    ~Descriptor() { close(); }

    bool isOpen() const noexcept { return m_number >= 0; }
    int number() const noexcept { return m_number; }
    void close() noexcept;

private:
    int m_number = -1;
};

} // namespace godwit::net
