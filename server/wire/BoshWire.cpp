// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/BoshWire.h"

#include "wire/Framed.h"

#include <algorithm>
#include <array>

namespace godwit::wire
{

namespace
{

/// Conditions of streams that BOSH knows by the same name; all others are the stream's own affair.
constexpr std::array<std::string_view, 5> sharedConditions = {"host-gone", "host-unknown", "improper-addressing",
                                                              "policy-violation", "system-shutdown"};

/// The name of the first element in the content of an error.
std::string conditionOf(std::string_view content)
{
    const std::size_t end = content.find_first_of(" />", 1);
    const std::string_view name = content.size() < 2 ? std::string_view() : content.substr(1, end - 1);
    const bool shared = std::ranges::find(sharedConditions, name) != sharedConditions.end();
    return std::string(shared ? name : "remote-stream-error");
}

} // namespace

BoshWire::BoshWire(xml::ParserPool &pool)
    : m_xml(pool)
{
}

void BoshWire::open(std::string &, const xml::StreamHeader &header)
{
    m_streamId = header.id;
}

void BoshWire::stanza(std::string &out, Pieces pieces)
{
    const std::size_t from = out.size();
    m_xml.stanza(out, pieces);
    sealStanza(out, from);
}

void BoshWire::sealStanza(std::string &out, std::size_t from)
{
    xml::declareContent(out, from);
}

void BoshWire::nonza(std::string &out, Pieces pieces)
{
    m_xml.nonza(out, pieces);
}

void BoshWire::streamElement(std::string &out, StreamElement element)
{
    if (element.name == "error") {
        m_condition = conditionOf(element.content);
    }
    appendStreamElement(out, element);
}

} // namespace godwit::wire
