// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/FolderLock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace godwit::store
{

base::Result<FolderLock> FolderLock::take(const std::string &folder)
{
    const std::string path = folder + "/lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return base::Error(base::ErrorCode::Io, path + ": " + std::strerror(errno));
    }
    FolderLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        return base::Error(base::ErrorCode::Conflict, "the data folder " + folder + " is in use by another godwitd");
    }
    return lock;
}

FolderLock::FolderLock(FolderLock &&other) noexcept
    : m_file(std::exchange(other.m_file, -1))
{
}

FolderLock &FolderLock::operator=(FolderLock &&other) noexcept
{
    std::swap(m_file, other.m_file);
    return *this;
}

FolderLock::~FolderLock()
{
    if (m_file >= 0) {
        ::close(m_file);
    }
}

} // namespace godwit::store
