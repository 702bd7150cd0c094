// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/StandardStreams.h"

#include <fcntl.h>
#include <unistd.h>

namespace godwit::base
{

void holdStandardStreams()
{
    // The lowest free number is given out first.
    int file = 0;
    while (file >= 0 && file <= STDERR_FILENO) {
        file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    if (file >= 0) {
        ::close(file);
    }
}

} // namespace godwit::base
