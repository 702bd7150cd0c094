// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/RosterText.h"

#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::contacts
{

namespace
{

using accounts::RosterItem;

std::string_view name(accounts::Subscription subscription)
{
    switch (subscription) {
    case accounts::Subscription::None:
        return "none";
    case accounts::Subscription::To:
        return "to";
    case accounts::Subscription::From:
        return "from";
    case accounts::Subscription::Both:
        return "both";
    }
    return {};
}

void writeItem(xml::XmlWriter &writer, const RosterItem &item)
{
    writer.open("item").attribute("jid", item.jid).attributeIf("name", item.name);
    writer.attribute("subscription", name(item.subscription));
    if (item.ask) {
        writer.attribute("ask", "subscribe");
    }
    if (item.approved) {
        writer.attribute("approved", "true");
    }
    for (const std::string &group : item.groups) {
        writer.textElement("group", group);
    }
    writer.close();
}

/// Nothing when the groups are as they should be.
std::variant<std::vector<std::string>, Condition> readGroups(xml::ElementView item, const ContactsLimits &limits)
{
    std::vector<std::string> groups;
    for (xml::ElementView group = item.child("group", rosterNamespace); group;
         group = group.next("group", rosterNamespace)) {
        std::string words = group.text();
        if (words.empty() || words.size() > limits.groupBytesMax || groups.size() >= limits.groupsMax) {
            return Condition::NotAcceptable;
        }
        if (std::ranges::find(groups, words) != groups.end()) {
            return Condition::BadRequest;
        }
        groups.push_back(std::move(words));
    }
    return groups;
}

} // namespace

std::variant<RosterPut, RosterRemoval, Condition> readRosterSet(xml::ElementView query, const jid::Jid &account,
                                                                const ContactsLimits &limits)
{
    const xml::ElementView item = query.child("item", rosterNamespace);
    if (!query.is("query", rosterNamespace) || !item || item.next("item", rosterNamespace) ||
        !item.hasAttribute("jid")) {
        return Condition::BadRequest;
    }
    const base::Result<jid::Jid> jid = jid::Jid::parse(item.attribute("jid"));
    if (!jid) {
        return Condition::JidMalformed;
    }
    if (!jid->isBare()) {
        return Condition::BadRequest;
    }
    if (item.attribute("subscription") == "remove") {
        return RosterRemoval{jid->text()};
    }
    if (*jid == account) {
        return Condition::NotAllowed;
    }
    if (item.attribute("name").size() > limits.nameBytesMax) {
        return Condition::NotAcceptable;
    }
    auto groups = readGroups(item, limits);
    if (const Condition *fault = std::get_if<Condition>(&groups)) {
        return *fault;
    }
    return RosterPut{jid->text(), std::string(item.attribute("name")),
                     std::move(*std::get_if<std::vector<std::string>>(&groups))};
}

std::string rosterQuery(const RosterBook &roster, Versioning versioning)
{
    std::string out;
    xml::XmlWriter writer(out);
    writer.open("query", rosterNamespace);
    if (versioning == Versioning::On) {
        writer.attribute("ver", std::to_string(roster.version()));
    }
    for (const RosterItem &item : roster.items()) {
        if (item.listed) {
            writeItem(writer, item);
        }
    }
    writer.close();
    return out;
}

std::string rosterPush(const RosterChange &change, std::string_view to, Versioning versioning)
{
    const std::string version = std::to_string(change.version);
    std::string out;
    xml::XmlWriter writer(out);
    writer.open("iq").attribute("to", to).attribute("id", "push" + version).attribute("type", "set");
    writer.open("query", rosterNamespace);
    if (versioning == Versioning::On) {
        writer.attribute("ver", version);
    }
    if (change.item) {
        writeItem(writer, *change.item);
    } else {
        writer.open("item").attribute("jid", change.jid).attribute("subscription", "remove").close();
    }
    writer.close().close();
    return out;
}

bool looksDifferent(const RosterItem &before, const RosterItem &after)
{
    return before.listed != after.listed || before.subscription != after.subscription || before.ask != after.ask ||
           before.approved != after.approved || before.name != after.name || before.groups != after.groups;
}

} // namespace godwit::contacts
