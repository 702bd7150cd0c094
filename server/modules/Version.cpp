// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Says what software this is (XEP-0092) and what time it is here (XEP-0202).

#include "modules/BuiltIn.h"

#include "xml/XmlWriter.h"

namespace godwit::modules
{

namespace
{

constexpr std::string_view versionNs = "jabber:iq:version";
constexpr std::string_view timeNs = "urn:xmpp:time";

bool refuseSet(const IqRequest &request, IqReply &reply)
{
    if (request.iq.type == xml::StanzaType::Get) {
        return false;
    }
    reply.error(stream::StanzaError(stream::StanzaCondition::BadRequest));
    return true;
}

class Version final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"version", "XEP-0092", "1.1", "complete", "Says what software the server is"};
    }

    void start(Services &services, Hooks &hooks) override
    {
        const auto &settings = services.settings("version");
        const auto shown = settings.find("show");
        const bool showVersion = shown == settings.end() || shown->second != "false";
        hooks.addFeature(IqTarget::Server, std::string(versionNs));
        hooks.onIq(IqTarget::Server, std::string(versionNs), [showVersion](const IqRequest &request, IqReply reply) {
            if (refuseSet(request, reply)) {
                return;
            }
            std::string payload;
            xml::XmlWriter writer(payload);
            writer.open("query", versionNs)
                .textElement("name", "Godwit")
                .textElement("version", showVersion ? GODWIT_VERSION : "-")
                .close();
            reply.result(payload);
        });
    }
};

class Time final : public Module
{
public:
    ModuleInfo info() const override { return {"time", "XEP-0202", "2.0", "complete", "Tells the server's time"}; }

    void start(Services &services, Hooks &hooks) override
    {
        hooks.addFeature(IqTarget::Server, std::string(timeNs));
        hooks.onIq(IqTarget::Server, std::string(timeNs), [&services](const IqRequest &request, IqReply reply) {
            if (refuseSet(request, reply)) {
                return;
            }
            std::string payload;
            xml::XmlWriter writer(payload);
            writer.open("time", timeNs)
                .textElement("tzo", "+00:00")
                .textElement("utc",
                             base::formatDateTime(std::chrono::floor<std::chrono::seconds>(services.clock().wall())))
                .close();
            reply.result(payload);
        });
    }
};

} // namespace

std::unique_ptr<Module> makeVersion()
{
    return std::make_unique<Version>();
}

std::unique_ptr<Module> makeTime()
{
    return std::make_unique<Time>();
}

} // namespace godwit::modules
