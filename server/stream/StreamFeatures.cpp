// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/StreamFeatures.h"

#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::stream
{

const ServedHost *NegotiationOptions::find(std::string_view domain) const
{
    const auto found =
        std::find_if(hosts.begin(), hosts.end(), [domain](const ServedHost &host) { return host.domain == domain; });
    return found == hosts.end() ? nullptr : &*found;
}

namespace
{

/// XEP-0388 §2.1: the mechanisms once more, and what else <authenticate/> may ask for.
void writeSasl2(xml::XmlWriter &writer, const LoginFeatures &features, const NegotiationOptions &options)
{
    writer.open("authentication", ns::sasl2);
    for (SaslMechanism mechanism : features.mechanisms) {
        writer.textElement("mechanism", name(mechanism));
    }
    writer.open("inline");
    if (options.streamManagement) {
        writer.open("sm", ns::streamManagement).close();
    }
    writer.open("bind", ns::bind2).open("inline");
    const auto feature = [&writer](std::string_view var) { writer.open("feature").attribute("var", var).close(); };
    if (options.streamManagement) {
        feature(ns::streamManagement);
    }
    feature(ns::clientState);
    std::for_each(options.moduleBindFeatures.begin(), options.moduleBindFeatures.end(), feature);
    writer.close().close();
    if (!features.byToken.empty()) {
        writer.open("fast", ns::fast);
        for (SaslMechanism mechanism : features.byToken) {
            writer.textElement("mechanism", name(mechanism));
        }
        writer.close();
    }
    writer.close().close();
}

} // namespace

std::string loginFeatures(const LoginFeatures &features, const NegotiationOptions &options)
{
    std::string out;
    xml::XmlWriter writer(out);
    if (features.startTls != StartTlsOffer::None) {
        writer.open("starttls", ns::tls);
        if (features.startTls == StartTlsOffer::Required) {
            writer.open("required").close();
        }
        writer.close();
    }
    if (std::any_of(features.mechanisms.begin(), features.mechanisms.end(), bindsChannel)) {
        writer.open("sasl-channel-binding", ns::saslChannelBinding);
        for (const ChannelBinding &binding : features.bindings) {
            writer.open("channel-binding").attribute("type", binding.type).close();
        }
        writer.close();
    }
    if (!features.mechanisms.empty()) {
        writer.open("mechanisms", ns::sasl);
        for (SaslMechanism mechanism : features.mechanisms) {
            writer.textElement("mechanism", name(mechanism));
        }
        writer.close();
        writeSasl2(writer, features, options);
    }
    return out;
}

std::string sessionFeatures(const NegotiationOptions &options, SessionStage stage)
{
    std::string out;
    xml::XmlWriter writer(out);
    if (stage == SessionStage::Unbound) {
        writer.open("bind", ns::bind).close();
        // RFC 3921 made the session a step of its own; "optional" tells old clients to leave it out.
        writer.open("session", ns::session).open("optional").close().close();
    }
    if (options.streamManagement && stage != SessionStage::BoundWithAcks) {
        writer.open("sm", ns::streamManagement).close();
    }
    writer.open("csi", ns::clientState).close();
    writer.open("ver", ns::rosterVersioning).close();
    writer.open("sub", ns::subscriptionPreApproval).close();
    writer.open("limits", ns::streamLimits);
    writer.textElement("max-bytes", std::to_string(options.stanzaBytesMax));
    if (options.idleTimeout.count() > 0) {
        writer.textElement("idle-seconds", std::to_string(options.idleTimeout.count()));
    }
    writer.close();
    writer.raw(options.moduleFeatures);
    return out;
}

} // namespace godwit::stream
