// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The example of a module outside the tree: greets whoever asks `<greeting xmlns='urn:godwit:example:greeting'/>` of
// the server, by the name of the asker, and tells how many it has greeted on this shard.

#include "plugins/Plugin.h"
#include "xml/XmlWriter.h"

#include <QObject>

namespace
{

using namespace godwit;

constexpr std::string_view greetingNs = "urn:godwit:example:greeting";

class Greeting final : public modules::Module
{
public:
    modules::ModuleInfo info() const override
    {
        return {"greeting", "none", "1", "complete", "Greets whoever asks; an example of a plugin"};
    }

    void start(modules::Services &, modules::Hooks &hooks) override
    {
        hooks.addFeature(modules::IqTarget::Server, std::string(greetingNs));
        hooks.onIq(modules::IqTarget::Server, std::string(greetingNs),
                   [this](const modules::IqRequest &request, modules::IqReply reply) {
                       std::string payload;
                       xml::XmlWriter writer(payload);
                       writer.open("greeting", greetingNs).attribute("count", std::to_string(++m_greeted));
                       writer.text("Hello, ").text(request.iq.from.local()).close();
                       reply.result(payload);
                   });
    }

private:
    std::uint64_t m_greeted = 0;
};

} // namespace

class GreetingPlugin final : public QObject, public godwit::plugins::ModulePlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID GODWIT_MODULE_PLUGIN_ID)
    Q_INTERFACES(godwit::plugins::ModulePlugin)

public:
    std::unique_ptr<godwit::modules::Module> make() override { return std::make_unique<Greeting>(); }
};

#include "Greeting.moc"
