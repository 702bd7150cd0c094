// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/BufferPool.h"

namespace godwit::net
{

namespace
{
constexpr std::size_t keptOutputs = 64;
constexpr std::size_t keptBytes = 16384;
} // namespace

std::unique_ptr<OutputBuffer> BufferPool::takeOutput()
{
    if (m_outputs.empty()) {
        return std::make_unique<OutputBuffer>();
    }
    std::unique_ptr<OutputBuffer> output = std::move(m_outputs.back());
    m_outputs.pop_back();
    return output;
}

void BufferPool::giveBack(std::unique_ptr<OutputBuffer> output)
{
    if (m_outputs.size() >= keptOutputs || output->wire.capacity() > keptBytes ||
        output->plain.capacity() > keptBytes) {
        return;
    }
    output->wire.clear();
    output->wireSent = 0;
    output->plain.clear();
    output->plainCoded = 0;
    m_outputs.push_back(std::move(output));
}

} // namespace godwit::net
