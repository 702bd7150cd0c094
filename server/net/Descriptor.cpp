// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Descriptor.h"

#include <unistd.h>

namespace godwit::net
{

void Descriptor::close() noexcept
{
    if (m_number >= 0) {
        ::close(std::exchange(m_number, -1));
    }
}

} // namespace godwit::net
