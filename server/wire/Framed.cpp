// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/Framed.h"

namespace godwit::wire
{

void appendStreamElement(std::string &out, Wire::StreamElement element)
{
    out += "<stream:";
    out += element.name;
    out += " xmlns:stream='";
    out += streamsNamespace;
    out += "'>";
    out += element.content;
    out += "</stream:";
    out += element.name;
    out += '>';
}

} // namespace godwit::wire
