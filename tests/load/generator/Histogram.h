// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A histogram of times with a relative error below 1/64 at any size, in fixed memory.
#pragma once

#include <array>
#include <cstdint>

namespace godwit::load
{

class Histogram
{
public:
    /// Adds one value; microseconds everywhere in this program. Values beyond 2^40 are counted as the largest bucket.
    void add(std::uint64_t value);

    /// The smallest value that at least `percent` of the values do not exceed (bucket's upper end); 0 when empty.
    [[nodiscard]] std::uint64_t percentile(double percent) const;

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    [[nodiscard]] std::uint64_t max() const { return m_max; }
    [[nodiscard]] double mean() const;

    void clear();

private:
    static constexpr unsigned subBits = 6;
    static constexpr unsigned powers = 40 - subBits;
    static constexpr std::size_t buckets = (powers + 1) << subBits;

    static std::size_t bucketOf(std::uint64_t value);
    static std::uint64_t upperEnd(std::size_t bucket);

    std::array<std::uint64_t, buckets> m_buckets{};
    std::uint64_t m_count = 0;
    std::uint64_t m_max = 0;
    double m_sum = 0;
};

} // namespace godwit::load
