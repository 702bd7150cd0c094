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

/// XEP-0441 §6: an entry with a resource is compared as it is, one without with the bare address.
template <class Addresses>
bool names(const Addresses &addresses, const jid::Jid &other)
{
    return addresses.contains(other.text()) || addresses.contains(other.bareText());
}

} // namespace

void ArchivePreferences::start(Services &services, Hooks &hooks)
{
    m_services = &services;
    hooks.onAccountNeeded([this](const std::string &account, Hooks::LoadDone done) { load(account, std::move(done)); });
    const auto forget = [this](const std::string &account) { m_wishes.erase(account); };
    hooks.onAccountForgotten(forget);
    hooks.onAccountRemoved(forget);
    hooks.onRosterChanged([this](const std::string &account, const std::string &contact, Hooks::Listing listing) {
        const auto found = m_wishes.find(account);
        if (found == m_wishes.end()) {
            return;
        }
        if (listing == Hooks::Listing::Listed) {
            found->second.contacts.insert(contact);
        } else {
            found->second.contacts.erase(contact);
        }
    });
    hooks.onMessageSent(0, [this](MessageEvent &event) {
        event.archive = event.archive && keeps(event.account, event.stanza.to);
        return Verdict::Continue;
    });
    hooks.onMessageReceived(0, [this](MessageEvent &event) {
        event.archive = event.archive && keeps(event.account, event.stanza.from);
        return Verdict::Continue;
    });
}

bool ArchivePreferences::keeps(std::string_view account, const jid::Jid &other) const
{
    const auto found = m_wishes.empty() ? m_wishes.end() : m_wishes.find(std::string(account));
    if (found == m_wishes.end()) {
        return true;
    }
    const Wishes &wishes = found->second;
    // Who is in both lists was forbidden once: forgetting is what cannot be made good by the other reading.
    if (names(wishes.never, other)) {
        return false;
    }
    if (names(wishes.always, other)) {
        return true;
    }
    switch (wishes.otherwise) {
    case Default::Always:
        return true;
    case Default::Never:
        return false;
    case Default::Roster:
        return wishes.contacts.contains(other.bareText());
    }
    return true;
}

base::Result<ArchivePreferences::Wishes> ArchivePreferences::read(const std::string &text)
{
    const base::Result<xml::Stanza> holder = xml::parseStanza("<iq type='set'>" + text + "</iq>");
    if (!holder) {
        return holder.error();
    }
    const xml::ElementView prefs = holder->payload();
    Wishes wishes;
    const std::string_view how = prefs.attribute("default");
    wishes.otherwise = how == "never" ? Default::Never : how == "roster" ? Default::Roster : Default::Always;
    for (const xml::ElementView entry : xml::children(prefs.child("always", mamNs))) {
        wishes.always.insert(entry.text());
    }
    for (const xml::ElementView entry : xml::children(prefs.child("never", mamNs))) {
        wishes.never.insert(entry.text());
    }
    return wishes;
}

void ArchivePreferences::load(const std::string &account, Hooks::LoadDone done)
{
    m_services->accounts().getValue(account, valueKind, valueKey,
                                    [this, account, done = std::move(done)](const base::Result<std::string> &value) {
                                        if (value.ok()) {
                                            takeOver(account, *value, done);
                                        } else if (value.error().code() == base::ErrorCode::NotFound) {
                                            done(base::Ok{});
                                        } else {
                                            done(value.error());
                                        }
                                    });
}

/// Messages are judged by `text` from the moment in which `done` is called.
void ArchivePreferences::takeOver(const std::string &account, const std::string &text, Hooks::LoadDone done)
{
    base::Result<Wishes> wishes = read(text);
    if (!wishes) {
        done(wishes.error());
        return;
    }
    if (wishes->otherwise != Default::Roster) {
        if (wishes->otherwise == Default::Always && wishes->never.empty()) {
            m_wishes.erase(account);
        } else {
            m_wishes[account] = std::move(*wishes);
        }
        done(base::Ok{});
        return;
    }
    m_services->accounts().roster(account, [this, account, done = std::move(done), wishes = std::move(*wishes)](
                                               base::Result<accounts::Roster> roster) mutable {
        if (!roster) {
            done(roster.error());
            return;
        }
        for (const accounts::RosterItem &item : roster->items) {
            if (item.listed) {
                wishes.contacts.insert(item.jid);
            }
        }
        m_wishes[account] = std::move(wishes);
        done(base::Ok{});
    });
}

void ArchivePreferences::answer(const IqRequest &request, IqReply reply)
{
    auto pending = std::make_shared<IqReply>(std::move(reply));
    if (request.iq.type == xml::StanzaType::Set) {
        set(request, pending);
        return;
    }
    m_services->accounts().getValue(request.account.text(), valueKind, valueKey,
                                    [pending](base::Result<std::string> value) {
                                        if (value.ok()) {
                                            pending->result(*value);
                                        } else if (value.error().code() == base::ErrorCode::NotFound) {
                                            pending->result(standard);
                                        } else {
                                            pending->error(stream::toStanzaError(value.error()));
                                        }
                                    });
}

void ArchivePreferences::set(const IqRequest &request, const std::shared_ptr<IqReply> &reply)
{
    base::Result<std::string> prefs = normalise(request.iq.payload());
    if (!prefs) {
        reply->error(stream::toStanzaError(prefs.error()));
        return;
    }
    const std::string account = request.account.text();
    m_services->accounts().putValue(account, valueKind, valueKey, *prefs,
                                    [this, reply, account, text = *prefs](base::Result<base::Ok> stored) {
                                        if (!stored) {
                                            reply->error(stream::toStanzaError(stored.error()));
                                            return;
                                        }
                                        takeOver(account, text, [reply, text](const base::Result<base::Ok> &taken) {
                                            if (taken.ok()) {
                                                reply->result(text);
                                            } else {
                                                reply->error(stream::toStanzaError(taken.error()));
                                            }
                                        });
                                    });
}

} // namespace godwit::modules
