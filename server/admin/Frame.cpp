// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Frame.h"

#include "base/Number.h"

namespace godwit::admin
{

namespace
{

void putSize(std::string &bytes, std::size_t at, std::size_t size)
{
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[at + i] = static_cast<char>(static_cast<unsigned char>(size >> (8 * (3 - i))));
    }
}

std::size_t sizeAt(std::string_view bytes, std::size_t at)
{
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        size = size << 8 | static_cast<unsigned char>(bytes[at + i]);
    }
    return size;
}

base::Error bad()
{
    return base::Error(base::ErrorCode::InvalidInput, "this is no frame of godwitd");
}

} // namespace

FrameWriter &FrameWriter::text(std::string_view field)
{
    const std::size_t at = m_bytes.size();
    m_bytes.append(4, '\0');
    putSize(m_bytes, at, field.size());
    m_bytes += field;
    return *this;
}

std::string FrameWriter::take()
{
    putSize(m_bytes, 0, m_bytes.size() - 4);
    return std::move(m_bytes);
}

FrameReader::FrameReader(std::vector<std::string> fields)
    : m_fields(std::move(fields))
{
}

std::string FrameReader::text()
{
    if (m_next == m_fields.size()) {
        m_ok = false;
        return {};
    }
    return std::move(m_fields[m_next++]);
}

std::uint64_t FrameReader::number()
{
    const auto number = base::readNumber<std::uint64_t>(text());
    m_ok = m_ok && number.has_value();
    return number.value_or(0);
}

std::size_t FrameReader::count(std::size_t most)
{
    const std::uint64_t wanted = number();
    if (wanted > most) {
        m_ok = false;
        return 0;
    }
    return static_cast<std::size_t>(wanted);
}

base::Result<std::optional<std::vector<std::string>>> FrameBuffer::next()
{
    using Fields = std::vector<std::string>;
    if (m_bytes.size() < 4) {
        return std::optional<Fields>();
    }
    const std::size_t size = sizeAt(m_bytes, 0);
    if (size > frameBytesMax) {
        return base::Error(base::ErrorCode::LimitExceeded, "this frame is too large");
    }
    if (m_bytes.size() < 4 + size) {
        return std::optional<Fields>();
    }
    const std::string_view frame = std::string_view(m_bytes).substr(4, size);
    Fields fields;
    std::size_t at = 0;
    while (at < frame.size()) {
        if (frame.size() - at < 4 || fields.size() == frameFieldsMax) {
            return bad();
        }
        const std::size_t field = sizeAt(frame, at);
        at += 4;
        if (field > frame.size() - at) {
            return bad();
        }
        fields.emplace_back(frame.substr(at, field));
        at += field;
    }
    m_bytes.erase(0, 4 + size);
    return std::optional<Fields>(std::move(fields));
}

} // namespace godwit::admin
