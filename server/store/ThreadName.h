// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#ifdef __linux__
#include <pthread.h>
#endif

namespace godwit::store
{

/// Names the calling thread for top, gdb and the benchmark; at most 15 characters.
inline void nameThread([[maybe_unused]] const char *name)
{
#ifdef __linux__
    pthread_setname_np(pthread_self(), name);
#endif
}

} // namespace godwit::store
