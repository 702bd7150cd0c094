// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/StreamManagementNonzas.h"

#include "base/Number.h"
#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

namespace godwit::stream
{

namespace
{

base::Error invalid(std::string what)
{
    return {base::ErrorCode::InvalidInput, std::move(what)};
}

} // namespace

bool isStreamManagement(xml::ElementView nonza)
{
    return nonza.ns() == ns::streamManagement;
}

base::Result<ManagementNonza> parseManagement(xml::ElementView nonza)
{
    const std::string_view element = nonza.name();
    if (element == "r") {
        return ManagementNonza(AckRequest{});
    }
    if (element == "a" || element == "resume") {
        const std::optional<HandledCount> handled = base::readNumber<std::uint32_t>(nonza.attribute("h"));
        if (!handled) {
            return invalid("h is not a number below 2^32");
        }
        if (element == "a") {
            return ManagementNonza(Ack{*handled});
        }
        if (nonza.attribute("previd").empty()) {
            return invalid("resume without previd");
        }
        return ManagementNonza(ResumeRequest{std::string(nonza.attribute("previd")), *handled});
    }
    if (element == "enable") {
        EnableRequest enable;
        const std::string_view resume = nonza.attribute("resume");
        enable.resume = resume == "true" || resume == "1";
        if (const std::optional<std::uint32_t> seconds = base::readNumber<std::uint32_t>(nonza.attribute("max"))) {
            enable.max = std::chrono::seconds(*seconds);
        }
        return ManagementNonza(enable);
    }
    return invalid("no element that a client sends");
}

void writeEnabled(wire::Wire &wire, std::string &out, const Enabled &enabled)
{
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("enabled", ns::streamManagement);
    if (!enabled.id.empty()) {
        writer.attribute("id", enabled.id).attribute("resume", "true");
        writer.attribute("max", std::to_string(enabled.max.count()));
        writer.attributeIf("location", enabled.location);
    }
    writer.close();
    wire.nonza(out, {text});
}

std::string resumedElement(const Resumed &resumed)
{
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("resumed", ns::streamManagement)
        .attribute("previd", resumed.previousId)
        .attribute("h", std::to_string(resumed.handled))
        .close();
    return text;
}

std::string failedElement(const ManagementFailed &failed)
{
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("failed", ns::streamManagement);
    if (failed.handled) {
        writer.attribute("h", std::to_string(*failed.handled));
    }
    writer.open(name(failed.condition), ns::stanzaErrors).close();
    if (!failed.text.empty()) {
        writer.open("text", ns::stanzaErrors).attribute("xml:lang", "en").text(failed.text).close();
    }
    writer.close();
    return text;
}

void writeResumed(wire::Wire &wire, std::string &out, const Resumed &resumed)
{
    wire.nonza(out, {resumedElement(resumed)});
}

void writeFailed(wire::Wire &wire, std::string &out, const ManagementFailed &failed)
{
    wire.nonza(out, {failedElement(failed)});
}

void writeAckRequest(wire::Wire &wire, std::string &out)
{
    wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
}

void writeAck(wire::Wire &wire, std::string &out, Ack ack)
{
    char digits[16];
    const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, ack.handled);
    static_cast<void>(failure); // 16 characters hold every 32-bit number
    wire.nonza(
        out, {"<a xmlns='urn:xmpp:sm:3' h='", std::string_view(digits, static_cast<std::size_t>(end - digits)), "'/>"});
}

StreamError handledCountTooHigh(CountTooHigh counts)
{
    StreamError error;
    error.condition = StreamCondition::UndefinedCondition;
    error.text = "You acknowledged more stanzas than you were sent";
    xml::XmlWriter writer(error.application);
    writer.open("handled-count-too-high", ns::streamManagement)
        .attribute("h", std::to_string(counts.handled))
        .attribute("send-count", std::to_string(counts.sent))
        .close();
    return error;
}

} // namespace godwit::stream
