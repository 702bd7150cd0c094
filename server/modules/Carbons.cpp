// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Switches message carbons of a session on and off (XEP-0280 §4, §5; on while it is bound: XEP-0386). The copies
// themselves are a form in which a session sees a row of the log; see router/Resource.cpp.

#include "modules/BuiltIn.h"

namespace godwit::modules
{

namespace
{

constexpr std::string_view carbonsNs = "urn:xmpp:carbons:2";

void answer(const IqRequest &request, IqReply reply)
{
    const std::string_view name = request.iq.payload().name();
    if (!request.byOwner || !request.session) {
        reply.error(stream::StanzaError(stream::StanzaCondition::Forbidden));
        return;
    }
    if (request.iq.type != xml::StanzaType::Set || (name != "enable" && name != "disable")) {
        reply.error(stream::StanzaError(stream::StanzaCondition::BadRequest));
        return;
    }
    request.session->setCarbons(name == "enable");
    reply.result();
}

class Carbons final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"carbons", "XEP-0280", "1.0.1", "complete", "Copies messages to the other sessions of an account"};
    }

    void start(Services &, Hooks &hooks) override
    {
        hooks.addFeature(IqTarget::Server, std::string(carbonsNs));
        hooks.addFeature(IqTarget::Account, std::string(carbonsNs));
        hooks.addFeature(IqTarget::Account, "urn:xmpp:carbons:rules:0");
        hooks.onIq(IqTarget::Account, std::string(carbonsNs), answer);
        hooks.onBindFeature(std::string(carbonsNs), [](SessionPort &session, std::string_view name) {
            if (name == "enable") {
                session.setCarbons(true);
            }
        });
    }
};

} // namespace

std::unique_ptr<Module> makeCarbons()
{
    return std::make_unique<Carbons>();
}

} // namespace godwit::modules
