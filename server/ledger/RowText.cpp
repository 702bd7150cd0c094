// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/RowText.h"

#include "xml/XmlWriter.h"

namespace godwit::ledger
{

namespace
{

constexpr std::string_view startTag = "<message";
constexpr std::string_view endTag = "</message>";

} // namespace

std::string_view startTagAttribute(std::string_view keptBytes, std::string_view name)
{
    const std::string_view tag = keptBytes.substr(0, keptBytes.find('>'));
    std::size_t at = tag.find(' ');
    while (at != std::string_view::npos) {
        const std::size_t equals = tag.find('=', at);
        if (equals == std::string_view::npos || equals + 1 >= tag.size()) {
            return {};
        }
        const char quote = tag[equals + 1];
        const std::size_t end = tag.find(quote, equals + 2);
        if (end == std::string_view::npos) {
            return {};
        }
        if (tag.substr(at + 1, equals - at - 1) == name) {
            return tag.substr(equals + 2, end - equals - 2);
        }
        at = tag.find(' ', end);
    }
    return {};
}

void RowText::appendIdentified(std::string &out, const LogRow &row, Lateness lateness) const
{
    const std::string_view bytes = *row.stanza;
    out += bytes.substr(startTag.size(), bytes.size() - startTag.size() - endTag.size());
    xml::XmlWriter writer(out);
    writer.open("stanza-id", "urn:xmpp:sid:0").attribute("by", m_account).attribute("id", stanzaId(row.seq)).close();
    if (lateness == Lateness::Late) {
        writer.open("delay", "urn:xmpp:delay")
            .attribute("from", m_host)
            .attribute("stamp", base::formatDateTime(row.time))
            .close();
    }
    out += endTag;
}

void RowText::appendForwarded(std::string &out, const LogRow &row) const
{
    out += "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='";
    out += base::formatDateTime(row.time);
    out += "'/><message xmlns='jabber:client'";
    appendIdentified(out, row, Lateness::Live);
    out += "</forwarded>";
}

void RowText::append(std::string &out, const LogRow &row, RowForm form, Lateness lateness,
                     std::string_view session) const
{
    if (form == RowForm::Direct) {
        out += startTag;
        appendIdentified(out, row, lateness);
        return;
    }
    out += "<message from='";
    xml::appendEscapedAttribute(out, m_account);
    out += "' to='";
    xml::appendEscapedAttribute(out, session);
    out += "' type='";
    const std::string_view type = startTagAttribute(*row.stanza, "type");
    out += type.empty() ? "normal" : type;
    out += "'>";
    out += form == RowForm::CarbonSent ? "<sent xmlns='urn:xmpp:carbons:2'>" : "<received xmlns='urn:xmpp:carbons:2'>";
    appendForwarded(out, row);
    out += form == RowForm::CarbonSent ? "</sent></message>" : "</received></message>";
}

void RowText::appendArchiveResult(std::string &out, const LogRow &row, std::string_view queryId,
                                  std::string_view session) const
{
    out += "<message from='";
    xml::appendEscapedAttribute(out, m_account);
    out += "' to='";
    xml::appendEscapedAttribute(out, session);
    out += "'><result xmlns='urn:xmpp:mam:2'";
    if (!queryId.empty()) {
        out += " queryid='";
        xml::appendEscapedAttribute(out, queryId);
        out += '\'';
    }
    out += " id='" + stanzaId(row.seq) + "'>";
    appendForwarded(out, row);
    out += "</result></message>";
}

void RowText::appendArchiveEnds(std::string &out, const ArchiveEnds &ends) const
{
    xml::XmlWriter writer(out);
    writer.open("metadata", "urn:xmpp:mam:2");
    const auto tell = [&](std::string_view name, const std::optional<LogRow> &row) {
        if (row) {
            writer.open(name)
                .attribute("id", stanzaId(row->seq))
                .attribute("timestamp", base::formatDateTime(row->time))
                .close();
        }
    };
    tell("start", ends.first);
    tell("end", ends.last);
    writer.close();
}

} // namespace godwit::ledger
