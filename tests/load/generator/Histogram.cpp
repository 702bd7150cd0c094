// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace godwit::load
{

// Values below 2^subBits have a bucket each; above, each power of two is cut into 2^subBits buckets of equal width.
std::size_t Histogram::bucketOf(std::uint64_t value)
{
    const unsigned width = static_cast<unsigned>(std::bit_width(value));
    if (width <= subBits) {
        return static_cast<std::size_t>(value);
    }
    const unsigned shift = width - subBits - 1;
    const std::size_t bucket = (static_cast<std::size_t>(shift) << subBits) + static_cast<std::size_t>(value >> shift);
    return std::min(bucket, buckets - 1);
}

std::uint64_t Histogram::upperEnd(std::size_t bucket)
{
    if (bucket < (1U << (subBits + 1))) {
        return bucket;
    }
    const std::size_t shift = (bucket >> subBits) - 1;
    const std::uint64_t mantissa = bucket - (shift << subBits);
    return ((mantissa + 1) << shift) - 1;
}

void Histogram::add(std::uint64_t value)
{
    ++m_buckets[bucketOf(value)];
    ++m_count;
    m_max = std::max(m_max, value);
    m_sum += static_cast<double>(value);
}

std::uint64_t Histogram::percentile(double percent) const
{
    if (m_count == 0) {
        return 0;
    }
    const double wanted = std::ceil(static_cast<double>(m_count) * percent / 100.0);
    const std::uint64_t rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, m_count);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        seen += m_buckets[i];
        if (seen >= rank) {
            return std::min(upperEnd(i), m_max);
        }
    }
    return m_max;
}

double Histogram::mean() const
{
    return m_count == 0 ? 0.0 : m_sum / static_cast<double>(m_count);
}

void Histogram::clear()
{
    *this = Histogram();
}

} // namespace godwit::load
