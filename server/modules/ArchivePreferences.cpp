// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "modules/ArchivePreferences.h"

#include "jid/Jid.h"
#include "xml/XmlWriter.h"

namespace godwit::modules
{

namespace
{

constexpr std::string_view mamNs = "urn:xmpp:mam:2";
constexpr const char *valueKind = "archive";
constexpr const char *valueKey = "preferences";
constexpr std::string_view standard = "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs>";
constexpr std::size_t exceptionsMax = 500;

using stream::StanzaCondition;
using stream::StanzaError;

/// The addresses of `<always/>` or `<never/>`, checked and written again.
base::Result<base::Ok> copyList(xml::XmlWriter &writer, xml::ElementView prefs, std::string_view name)
{
    std::size_t count = 0;
    writer.open(name);
    for (const xml::ElementView entry : xml::children(prefs.child(name, mamNs))) {
        const base::Result<jid::Jid> jid = jid::Jid::parse(entry.text());
        if (entry.name() != "jid" || !jid) {
            return base::Error(base::ErrorCode::InvalidInput, "not an address");
        }
        if (++count > exceptionsMax) {
            return base::Error(base::ErrorCode::LimitExceeded, "too many addresses");
        }
        writer.textElement("jid", jid->text());
    }
    writer.close();
    return base::Ok{};
}

base::Result<std::string> normalise(xml::ElementView prefs)
{
    const std::string_view how = prefs.attribute("default");
    if (how != "always" && how != "never" && how != "roster") {
        return base::Error(base::ErrorCode::InvalidInput, "default is always, never or roster");
    }
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("prefs", mamNs).attribute("default", how);
    for (const std::string_view name : {std::string_view("always"), std::string_view("never")}) {
        base::Result<base::Ok> copied = copyList(writer, prefs, name);
        if (!copied) {
            return copied.error();
        }
    }
    writer.close();
    return text;
}

} // namespace

void answerPreferences(Services &services, const IqRequest &request, IqReply reply)
{
    auto pending = std::make_shared<IqReply>(std::move(reply));
    if (request.iq.type == xml::StanzaType::Get) {
        services.accounts().getValue(request.account.text(), valueKind, valueKey,
                                     [pending](base::Result<std::string> value) {
                                         if (value.ok()) {
                                             pending->result(*value);
                                         } else if (value.error().code() == base::ErrorCode::NotFound) {
                                             pending->result(standard);
                                         } else {
                                             pending->error(stream::toStanzaError(value.error()));
                                         }
                                     });
        return;
    }
    base::Result<std::string> prefs = normalise(request.iq.payload());
    if (!prefs) {
        pending->error(stream::toStanzaError(prefs.error()));
        return;
    }
    services.accounts().putValue(request.account.text(), valueKind, valueKey, *prefs,
                                 [pending, text = *prefs](base::Result<base::Ok> stored) {
                                     if (stored.ok()) {
                                         pending->result(text);
                                     } else {
                                         pending->error(stream::toStanzaError(stored.error()));
                                     }
                                 });
}

} // namespace godwit::modules
