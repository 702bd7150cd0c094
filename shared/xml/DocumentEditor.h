// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The few changes that a finished Document can take: they go along with splices in a stanza's kept bytes.
#pragma once

#include "xml/Document.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace godwit::xml
{

class DocumentEditor
{
public:
    explicit DocumentEditor(Document &document)
        : m_document(document)
    {
    }

    /// Sets an attribute (without namespace) of the root; one that is new goes behind the others.
    void setRootAttribute(std::string_view name, std::string_view value);
    void removeRootAttribute(std::string_view name);
    /// Takes a child of the root out of the tree.
    void unlinkRootChild(std::uint32_t index);
    /// Adds `shift` to all raw offsets that are at least `from`.
    void shiftRaw(std::uint32_t from, std::ptrdiff_t shift);
    /// Adds `shift` to all raw offsets but the root's, whose element covers `size` bytes from 0.
    void rebaseRaw(std::ptrdiff_t shift, std::size_t size);

private:
    std::uint32_t rootAttribute(std::string_view name) const;

    Document &m_document;
};

} // namespace godwit::xml
