// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Status.h"

#include <array>
#include <cstdio>
#include <dirent.h>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace godwit::admin
{

namespace
{

/// A line of /proc/self/status in bytes; 0 where there is none.
std::uint64_t ownMemory(std::string_view name)
{
    std::ifstream file("/proc/self/status");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with(name)) {
            return std::strtoull(line.c_str() + name.size(), nullptr, 10) * 1024;
        }
    }
    return 0;
}

std::uint64_t openDescriptors()
{
    DIR *folder = ::opendir("/proc/self/fd");
    if (folder == nullptr) {
        return 0;
    }
    std::uint64_t count = 0;
    while (::readdir(folder) != nullptr) {
        ++count;
    }
    ::closedir(folder);
    // ".", ".." and the descriptor that was read.
    return count > 3 ? count - 3 : 0;
}

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

} // namespace

std::string formatUptime(std::chrono::seconds uptime)
{
    struct Unit {
        const char *name;
        std::int64_t seconds;
    };
    constexpr std::array<Unit, 4> units{{{"d", 86'400}, {"h", 3'600}, {"min", 60}, {"s", 1}}};
    std::int64_t left = uptime.count();
    std::string text;
    int shown = 0;
    for (const Unit &unit : units) {
        const std::int64_t count = left / unit.seconds;
        left %= unit.seconds;
        if ((count > 0 || shown > 0 || unit.seconds == 1) && shown < 2) {
            text += (text.empty() ? "" : " ") + std::to_string(count) + " " + unit.name;
            ++shown;
        }
    }
    return text;
}

std::string formatBytes(std::uint64_t bytes)
{
    constexpr std::array<const char *, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

std::vector<StatusLine> describe(const ServerStatus &status)
{
    std::vector<StatusLine> lines;
    lines.push_back({"version", GODWIT_VERSION});
    lines.push_back({"uptime", formatUptime(status.uptime)});
    lines.push_back({"process", std::to_string(::getpid())});
    lines.push_back({"domain", status.domain});
    lines.push_back({"data folder", status.dataDir});
    for (const std::string &listener : status.listeners) {
        lines.push_back({std::string(listenerLine), listener});
    }
    lines.push_back({"sessions", number(status.sessions)});
    lines.push_back({"streams opened", number(status.streams)});
    lines.push_back({"logins", number(status.logins)});
    lines.push_back({"logins failed", number(status.loginsFailed)});
    lines.push_back({"resumptions", number(status.resumptions)});
    lines.push_back({"stanzas received", number(status.stanzasIn)});
    lines.push_back({"messages stored", number(status.stored)});
    lines.push_back({"messages refused", number(status.refused)});
    lines.push_back({"resends recognised", number(status.resends)});
    lines.push_back({"messages in flight", number(status.inFlight)});
    lines.push_back({"store commits", number(status.store.batches)});
    lines.push_back({"store refusals", number(status.store.refused)});
    lines.push_back({"store unfolded rows", number(status.store.unfolded)});
    lines.push_back({"store folded rows", number(status.store.folded)});
    for (StatusLine &line : describeFiles(status.dataDir)) {
        lines.push_back(std::move(line));
    }
    lines.push_back(
        {"memory", formatBytes(ownMemory("VmRSS:")) + " (at most " + formatBytes(ownMemory("VmHWM:")) + ")"});
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    lines.push_back({"descriptors", number(openDescriptors()) + " of " + number(limit.rlim_cur)});
    return lines;
}

std::vector<StatusLine> describeFiles(const std::string &folder)
{
    std::vector<StatusLine> lines;
    for (const char *name : {"main.db", "log.db", "index.db"}) {
        std::uint64_t size = 0;
        for (const char *part : {"", "-wal"}) {
            std::error_code error;
            const std::uintmax_t bytes = std::filesystem::file_size(folder + "/" + name + part, error);
            size += error ? 0 : bytes;
        }
        lines.push_back({std::string("store ") + name, formatBytes(size)});
    }
    return lines;
}

} // namespace godwit::admin
