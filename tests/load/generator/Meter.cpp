// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Meter.h"

#include "base/Number.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace godwit::load
{

namespace
{

struct ProcessStat {
    pid_t parent = 0;
    std::uint64_t ticks = 0;
};

/// proc(5): the name in parentheses may hold anything, so the fields are counted from the last parenthesis.
std::optional<ProcessStat> statOf(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) {
        return std::nullopt;
    }
    const std::size_t paren = line.rfind(')');
    if (paren == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(line.substr(paren + 1));
    std::vector<std::string> values;
    for (std::string value; fields >> value;) {
        values.push_back(value);
    }
    // state is field 3 of proc(5) and index 0 here: ppid 4, utime 14, stime 15, cutime 16, cstime 17.
    if (values.size() < 15) {
        return std::nullopt;
    }
    ProcessStat stat;
    stat.parent = static_cast<pid_t>(std::stol(values[1]));
    for (std::size_t i = 11; i <= 14; ++i) {
        stat.ticks += std::stoull(values[i]);
    }
    return stat;
}

double secondsOf(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

} // namespace

Meter::Meter(std::vector<pid_t> roots)
    : m_roots(std::move(roots))
{
}

bool Meter::readable() const
{
    return std::all_of(m_roots.begin(), m_roots.end(), [](pid_t pid) {
        std::ifstream memory("/proc/" + std::to_string(pid) + "/smaps_rollup");
        std::string line;
        return statOf(pid).has_value() && static_cast<bool>(std::getline(memory, line));
    });
}

std::vector<pid_t> Meter::tree() const
{
    std::vector<std::pair<pid_t, pid_t>> parents;
    DIR *proc = opendir("/proc");
    if (proc == nullptr) {
        return m_roots;
    }
    while (const dirent *entry = readdir(proc)) {
        const auto pid = base::readNumber<pid_t>(entry->d_name);
        if (!pid) {
            continue;
        }
        if (const std::optional<ProcessStat> stat = statOf(*pid)) {
            parents.emplace_back(*pid, stat->parent);
        }
    }
    closedir(proc);
    std::vector<pid_t> found = m_roots;
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const auto &[pid, parent] : parents) {
            if (parent == found[i] && std::find(found.begin(), found.end(), pid) == found.end()) {
                found.push_back(pid);
            }
        }
    }
    return found;
}

double Meter::cpuSeconds() const
{
    std::uint64_t ticks = 0;
    if (m_roots.empty()) {
        return 0;
    }
    for (const pid_t pid : tree()) {
        ticks += statOf(pid).value_or(ProcessStat{}).ticks;
    }
    return static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::uint64_t Meter::pssKiB() const
{
    std::uint64_t sum = 0;
    if (m_roots.empty()) {
        return 0;
    }
    for (const pid_t pid : tree()) {
        std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("Pss:")) {
                sum += std::stoull(line.substr(4));
            }
        }
    }
    return sum;
}

double Meter::ownCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
}

std::uint64_t raiseDescriptorLimit()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

} // namespace godwit::load
