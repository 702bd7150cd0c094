// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The dynamic tables of one direction of a connection.
#pragma once

#include "compact/InternTable.h"
#include "compact/Limits.h"

#include <string>
#include <string_view>

namespace godwit::compact
{

struct Tables {
    explicit Tables(const TableSizes &sizes)
        : addresses(sizes.addresses, addressBytesMin, addressBytesMax)
        , ids(sizes.ids, idBytesMin, idBytesMax)
        , names(sizes.names, 2, nameBytesMax + 1)
    {
    }
    void resize(const TableSizes &sizes)
    {
        addresses.resize(sizes.addresses);
        ids.resize(sizes.ids);
        names.resize(sizes.names);
    }
    std::size_t heldBytes() const { return addresses.heldBytes() + ids.heldBytes() + names.heldBytes(); }

    InternTable addresses;
    InternTable ids;
    InternTable names; ///< namespace, NUL, name
};

/// The key of an element's name in Tables::names; neither part can hold a NUL.
inline void makeNameKey(std::string &key, std::string_view ns, std::string_view name)
{
    key.assign(ns);
    key += '\0';
    key.append(name);
}

} // namespace godwit::compact
