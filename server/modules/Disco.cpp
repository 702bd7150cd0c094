// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Service discovery (XEP-0030) of the server and of accounts, and the server's capabilities in stream features
// (XEP-0115 §6.3). Identities and features are what the other modules declared.

#include "modules/BuiltIn.h"

#include "base/Base64.h"
#include "crypto/Digest.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::modules
{

namespace
{

constexpr std::string_view infoNs = "http://jabber.org/protocol/disco#info";
constexpr std::string_view itemsNs = "http://jabber.org/protocol/disco#items";
constexpr std::string_view capsNode = "urn:godwit:server";

/// XEP-0115 §5.1.
std::string verification(const std::vector<Identity> &identities, std::vector<std::string> features)
{
    std::vector<std::string> lines;
    lines.reserve(identities.size());
    for (const Identity &identity : identities) {
        lines.push_back(identity.category + '/' + identity.type + "//" + identity.name + '<');
    }
    std::sort(lines.begin(), lines.end());
    std::sort(features.begin(), features.end());
    std::string text;
    for (const std::string &line : lines) {
        text += line;
    }
    for (const std::string &feature : features) {
        text += feature + '<';
    }
    return base::encodeBase64(crypto::digest(crypto::Hash::Sha1, text));
}

class Disco final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"disco", "XEP-0030", "2.5rc3", "complete", "Tells what the server and accounts can do"};
    }

    void start(Services &, Hooks &hooks) override
    {
        hooks.addIdentity(IqTarget::Server, {"server", "im", "Godwit"});
        hooks.addIdentity(IqTarget::Account, {"account", "registered", ""});
        for (const IqTarget target : {IqTarget::Server, IqTarget::Account}) {
            hooks.addFeature(target, std::string(infoNs));
            hooks.addFeature(target, std::string(itemsNs));
            hooks.onIq(target, std::string(infoNs), [this, &hooks](const IqRequest &request, IqReply reply) {
                answerInfo(hooks, request, std::move(reply));
            });
            hooks.onIq(target, std::string(itemsNs), answerItems);
        }
        m_verification = verification(hooks.identities(IqTarget::Server), hooks.features(IqTarget::Server));
        std::string feature;
        xml::XmlWriter(feature)
            .open("c", "http://jabber.org/protocol/caps")
            .attribute("hash", "sha-1")
            .attribute("node", capsNode)
            .attribute("ver", m_verification)
            .close();
        hooks.addStreamFeature(std::move(feature));
    }

private:
    bool knows(std::string_view node, IqTarget target) const
    {
        return node.empty() || (target == IqTarget::Server && node == std::string(capsNode) + '#' + m_verification);
    }

    void answerInfo(const Hooks &hooks, const IqRequest &request, IqReply reply) const
    {
        const std::string_view node = request.iq.payload().attribute("node");
        if (request.iq.type != xml::StanzaType::Get) {
            reply.error(stream::StanzaError(stream::StanzaCondition::BadRequest));
            return;
        }
        if (!knows(node, request.target)) {
            reply.error(stream::StanzaError(stream::StanzaCondition::ItemNotFound));
            return;
        }
        // What an account has is for its owner's clients; a stranger could find out with it who exists (XEP-0030 §8).
        if (request.target == IqTarget::Account && !request.byOwner) {
            reply.error(stream::StanzaError(stream::StanzaCondition::ServiceUnavailable));
            return;
        }
        std::string payload;
        xml::XmlWriter writer(payload);
        writer.open("query", infoNs).attributeIf("node", node);
        for (const Identity &identity : hooks.identities(request.target)) {
            writer.open("identity")
                .attribute("category", identity.category)
                .attribute("type", identity.type)
                .attributeIf("name", identity.name)
                .close();
        }
        for (const std::string &feature : hooks.features(request.target)) {
            writer.open("feature").attribute("var", feature).close();
        }
        writer.close();
        reply.result(payload);
    }

    static void answerItems(const IqRequest &request, IqReply reply)
    {
        if (request.iq.type != xml::StanzaType::Get) {
            reply.error(stream::StanzaError(stream::StanzaCondition::BadRequest));
            return;
        }
        if (request.target == IqTarget::Account && !request.byOwner) {
            reply.error(stream::StanzaError(stream::StanzaCondition::ServiceUnavailable));
            return;
        }
        const std::string_view node = request.iq.payload().attribute("node");
        std::string payload;
        xml::XmlWriter(payload).open("query", itemsNs).attributeIf("node", node).close();
        reply.result(payload);
    }

    std::string m_verification;
};

} // namespace

std::unique_ptr<Module> makeDisco()
{
    return std::make_unique<Disco>();
}

} // namespace godwit::modules
