// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "modules/ArchiveForm.h"

#include "base/Number.h"
#include "jid/Jid.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::modules
{

namespace
{

constexpr std::string_view mamNs = "urn:xmpp:mam:2";
constexpr std::string_view formNs = "jabber:x:data";
constexpr std::string_view rsmNs = "http://jabber.org/protocol/rsm";

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

Result<ledger::Seq> readId(const std::string &account, std::string_view id, const ledger::StanzaIds &ids)
{
    const std::optional<ledger::Seq> seq = ids.decode(account, id);
    if (!seq) {
        return Error(ErrorCode::NotFound, "the archive has no such message");
    }
    return *seq;
}

Result<base::WallTime> readTime(std::string_view text)
{
    base::WallTime time;
    if (!base::parseDateTime(text, time)) {
        return Error(ErrorCode::InvalidInput, "not a date and time");
    }
    return time;
}

/// Puts the value of a parsed field where it belongs, or hands its error on.
template <class T>
Result<Ok> assign(std::optional<T> &to, Result<T> value)
{
    if (!value) {
        return value.error();
    }
    to = std::move(*value);
    return Ok{};
}

Result<Ok> readWith(ledger::ArchiveQuery &query, std::string_view text)
{
    Result<jid::Jid> with = jid::Jid::parse(text);
    if (!with) {
        return with.error();
    }
    query.with = with->text();
    return Ok{};
}

Result<Ok> readField(ledger::ArchiveQuery &query, xml::ElementView field, const ledger::StanzaIds &ids)
{
    const std::string_view name = field.attribute("var");
    const std::string value = field.child("value", formNs).text();
    if (name == "FORM_TYPE") {
        return value == mamNs ? Result<Ok>(Ok{}) : Error(ErrorCode::InvalidInput, "a form of another type");
    }
    if (name == "with") {
        return readWith(query, value);
    }
    if (name == "start") {
        return assign(query.start, readTime(value));
    }
    if (name == "end") {
        return assign(query.end, readTime(value));
    }
    if (name == "after-id") {
        return assign(query.afterId, readId(query.account, value, ids));
    }
    if (name == "before-id") {
        return assign(query.beforeId, readId(query.account, value, ids));
    }
    if (name == "ids") {
        for (const xml::ElementView id : xml::children(field)) {
            Result<ledger::Seq> seq = readId(query.account, id.text(), ids);
            if (!seq) {
                return seq.error();
            }
            query.ids.push_back(*seq);
        }
        return Ok{};
    }
    // XEP-0313 §4.1.5: a field that is not understood must not be ignored silently.
    return Error(ErrorCode::InvalidInput, "a field that this archive does not know");
}

Result<Ok> readPage(ledger::ArchiveQuery &query, xml::ElementView set, const ledger::StanzaIds &ids,
                    std::size_t pageMax)
{
    if (const xml::ElementView max = set.child("max", rsmNs)) {
        const auto number = base::readNumber<std::size_t>(max.text());
        if (!number) {
            return Error(ErrorCode::InvalidInput, "max is no number");
        }
        query.max = std::min(*number, pageMax);
    }
    if (const xml::ElementView after = set.child("after", rsmNs)) {
        return assign(query.after, readId(query.account, after.text(), ids));
    }
    if (const xml::ElementView before = set.child("before", rsmNs)) {
        const std::string id = before.text();
        if (id.empty()) {
            query.lastPage = true;
            return Ok{};
        }
        return assign(query.before, readId(query.account, id, ids));
    }
    return Ok{};
}

} // namespace

Result<ArchiveRequest> parseArchiveRequest(xml::ElementView element, const std::string &account,
                                           const ledger::StanzaIds &ids, std::size_t pageMax)
{
    ArchiveRequest request;
    request.queryId = element.attribute("queryid");
    request.flip = static_cast<bool>(element.child("flip-page", mamNs));
    request.query.account = account;
    request.query.max = std::min(archivePageDefault, pageMax);
    if (const xml::ElementView form = element.child("x", formNs)) {
        for (const xml::ElementView field : xml::children(form)) {
            if (field.name() != "field") {
                continue;
            }
            Result<Ok> read = readField(request.query, field, ids);
            if (!read) {
                return read.error();
            }
        }
    }
    if (const xml::ElementView set = element.child("set", rsmNs)) {
        Result<Ok> read = readPage(request.query, set, ids, pageMax);
        if (!read) {
            return read.error();
        }
    }
    return request;
}

void writeArchiveForm(std::string &out)
{
    struct Field {
        std::string_view name;
        std::string_view type;
    };
    constexpr Field fields[] = {{"with", "jid-single"},       {"start", "text-single"},    {"end", "text-single"},
                                {"before-id", "text-single"}, {"after-id", "text-single"}, {"ids", "list-multi"}};
    xml::XmlWriter writer(out);
    writer.open("query", mamNs).open("x", formNs).attribute("type", "form");
    writer.open("field").attribute("type", "hidden").attribute("var", "FORM_TYPE").textElement("value", mamNs).close();
    for (const Field &field : fields) {
        writer.open("field").attribute("type", field.type).attribute("var", field.name).close();
    }
    writer.close().close();
}

} // namespace godwit::modules
