// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Answers pings to the server and to accounts (XEP-0199 §4).

#include "modules/BuiltIn.h"

namespace godwit::modules
{

namespace
{

constexpr std::string_view pingNs = "urn:xmpp:ping";

class Ping final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"ping", "XEP-0199", "2.0.1", "complete", "Answers pings to the server and to accounts"};
    }

    void start(Services &, Hooks &hooks) override
    {
        for (const IqTarget target : {IqTarget::Server, IqTarget::Account}) {
            hooks.addFeature(target, std::string(pingNs));
            hooks.onIq(target, std::string(pingNs), [](const IqRequest &request, IqReply reply) {
                if (request.iq.type == xml::StanzaType::Get) {
                    reply.result();
                } else {
                    reply.error(stream::StanzaError(stream::StanzaCondition::BadRequest));
                }
            });
        }
    }
};

} // namespace

std::unique_ptr<Module> makePing()
{
    return std::make_unique<Ping>();
}

} // namespace godwit::modules
