// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"

#include <string>

namespace godwit::store
{

/// Holds a data folder for one process: an advisory lock on its file `lock`, gone when the process is, however it ends.
class FolderLock
{
public:
    /// Conflict when another process (or another engine of this one) has it.
    static base::Result<FolderLock> take(const std::string &folder);
    FolderLock(FolderLock &&other) noexcept;
    FolderLock &operator=(FolderLock &&other) noexcept;
    ~FolderLock();

private:
    explicit FolderLock(int file)
        : m_file(file)
    {
    }
    int m_file = -1;
};

} // namespace godwit::store
