// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What the kernel says of the measured server: CPU and memory of a set of processes and all their descendants.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace godwit::load
{

class Meter
{
public:
    /// Measures these processes; with none it says so and every figure is 0.
    explicit Meter(std::vector<pid_t> roots);

    [[nodiscard]] bool measures() const { return !m_roots.empty(); }

    /// Whether each of the processes is there and its figures can be read.
    [[nodiscard]] bool readable() const;

    /// User and system time of the processes and their descendants, in seconds.
    [[nodiscard]] double cpuSeconds() const;

    /// Proportional set size of the processes and their descendants, in KiB.
    [[nodiscard]] std::uint64_t pssKiB() const;

    /// User and system time of this process, in seconds.
    [[nodiscard]] static double ownCpuSeconds();

private:
    [[nodiscard]] std::vector<pid_t> tree() const;

    std::vector<pid_t> m_roots;
};

/// Raises the limit of descriptors as far as it goes and returns it.
[[nodiscard]] std::uint64_t raiseDescriptorLimit();

} // namespace godwit::load
