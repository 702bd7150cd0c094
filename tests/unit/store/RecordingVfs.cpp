// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "RecordingVfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <string_view>

namespace godwit::test
{

namespace
{

std::atomic<std::uint64_t> writes{0};
std::atomic<std::uint64_t> syncs{0};
std::atomic<std::uint64_t> unsynced{0};
std::atomic<bool> diskFull{false};

sqlite3_vfs *real()
{
    static sqlite3_vfs *const vfs = sqlite3_vfs_find(nullptr);
    return vfs;
}

/// Our file in front, the real one behind it.
struct File {
    sqlite3_file base;
    bool isLog;
    bool isWal;
};

sqlite3_file *below(sqlite3_file *file)
{
    return reinterpret_cast<sqlite3_file *>(reinterpret_cast<char *>(file) + sizeof(File));
}

const sqlite3_io_methods *methods(sqlite3_file *file)
{
    return below(file)->pMethods;
}

int writeFile(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    const auto *mine = reinterpret_cast<File *>(file);
    if (mine->isLog && diskFull.load()) {
        return SQLITE_FULL;
    }
    if (mine->isWal) {
        writes.fetch_add(1);
        unsynced.fetch_add(1);
    }
    return methods(file)->xWrite(below(file), bytes, size, offset);
}

int syncFile(sqlite3_file *file, int flags)
{
    const int code = methods(file)->xSync(below(file), flags);
    if (reinterpret_cast<File *>(file)->isWal) {
        syncs.fetch_add(1);
        unsynced.store(0);
    }
    return code;
}

const sqlite3_io_methods forwarding = {
    2,
    [](sqlite3_file *file) { return methods(file)->xClose(below(file)); },
    [](sqlite3_file *file, void *to, int size, sqlite3_int64 offset) {
        return methods(file)->xRead(below(file), to, size, offset);
    },
    writeFile,
    [](sqlite3_file *file, sqlite3_int64 size) { return methods(file)->xTruncate(below(file), size); },
    syncFile,
    [](sqlite3_file *file, sqlite3_int64 *size) { return methods(file)->xFileSize(below(file), size); },
    [](sqlite3_file *file, int lock) { return methods(file)->xLock(below(file), lock); },
    [](sqlite3_file *file, int lock) { return methods(file)->xUnlock(below(file), lock); },
    [](sqlite3_file *file, int *out) { return methods(file)->xCheckReservedLock(below(file), out); },
    [](sqlite3_file *file, int what, void *argument) {
        return methods(file)->xFileControl(below(file), what, argument);
    },
    [](sqlite3_file *file) { return methods(file)->xSectorSize(below(file)); },
    [](sqlite3_file *file) { return methods(file)->xDeviceCharacteristics(below(file)); },
    [](sqlite3_file *file, int page, int size, int extend, volatile void **out) {
        return methods(file)->xShmMap(below(file), page, size, extend, out);
    },
    [](sqlite3_file *file, int offset, int count, int flags) {
        return methods(file)->xShmLock(below(file), offset, count, flags);
    },
    [](sqlite3_file *file) { methods(file)->xShmBarrier(below(file)); },
    [](sqlite3_file *file, int erase) { return methods(file)->xShmUnmap(below(file), erase); },
    nullptr,
    nullptr,
};

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    auto *mine = reinterpret_cast<File *>(file);
    const std::string_view path = name == nullptr ? "" : name;
    mine->isWal = path.ends_with("/log.db-wal");
    mine->isLog = mine->isWal || path.ends_with("/log.db");
    const int code = real()->xOpen(real(), name, below(file), flags, outFlags);
    mine->base.pMethods = below(file)->pMethods == nullptr ? nullptr : &forwarding;
    return code;
}

} // namespace

const std::string &recordingVfs()
{
    static const std::string name = [] {
        static sqlite3_vfs vfs = *real();
        vfs.zName = "godwit-recording";
        vfs.szOsFile = static_cast<int>(sizeof(File)) + real()->szOsFile;
        vfs.xOpen = openFile;
        vfs.pNext = nullptr;
        sqlite3_vfs_register(&vfs, 0);
        return std::string(vfs.zName);
    }();
    return name;
}

void resetVfs()
{
    writes = 0;
    syncs = 0;
    unsynced = 0;
    diskFull = false;
}

VfsFigures vfsFigures()
{
    return {writes.load(), syncs.load(), unsynced.load()};
}

void setDiskFull(bool full)
{
    diskFull = full;
}

} // namespace godwit::test
