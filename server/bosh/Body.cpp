// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/Body.h"

#include "base/Number.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::bosh
{

namespace
{

constexpr std::string_view xboshNamespace = "urn:xmpp:xbosh";
constexpr std::string_view contentNamespace = "jabber:client";
constexpr std::string_view framingHeader = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";
/// XEP-0124 §14.1: what a number in JavaScript holds exactly.
constexpr std::uint64_t ridMax = (std::uint64_t{1} << 53) - 1;

/// Takes the one element of a request out of a framed parser, which reads elements that stand alone.
class Taker final : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&) override {}
    void onStanza(xml::Stanza &&) override {}
    void onMalformedStanza(xml::MalformedStanza &&) override {}
    void onNonza(xml::Nonza &&nonza) override { taken = std::move(nonza.tree); }
    void onStreamClose() override {}
    void onXmlFault(xml::XmlFault, std::string detail) override { fault = std::move(detail); }

    xml::Document taken;
    std::string fault;
};

base::Result<base::Ok> readAttributes(xml::ElementView root, Body &body)
{
    const std::optional<std::uint64_t> rid = base::readNumber<std::uint64_t>(root.attribute("rid"));
    if (!rid || *rid == 0 || *rid > ridMax) {
        return base::Error(base::ErrorCode::InvalidInput, "no valid rid");
    }
    body.rid = *rid;
    body.sid = root.attribute("sid");
    body.to = root.attribute("to");
    body.from = root.attribute("from");
    body.language = root.attribute("lang", xml::xmlNamespace);
    body.type = root.attribute("type");
    body.key = root.attribute("key");
    body.newKey = root.attribute("newkey");
    body.ack = root.attribute("ack");
    body.version = root.attribute("ver");
    body.content = root.attribute("content");
    body.wait = base::readNumber<std::uint32_t>(root.attribute("wait"));
    body.hold = base::readNumber<std::uint32_t>(root.attribute("hold"));
    body.pause = base::readNumber<std::uint32_t>(root.attribute("pause"));
    const std::string_view restart = root.attribute("restart", xboshNamespace);
    body.restart = restart == "true" || restart == "1";
    return base::Ok{};
}

} // namespace

std::optional<std::uint64_t> Body::acknowledged() const
{
    return base::readNumber<std::uint64_t>(ack);
}

base::Result<Body> parseBody(std::string_view text, xml::ParserPool &pool, const xml::XmlLimits &limits)
{
    xml::XmlLimits bounds = limits;
    bounds.stanzaBytesMax = std::max(bounds.stanzaBytesMax, text.size());
    ++bounds.depthMax;
    xml::StreamParser parser(pool, xml::StreamParser::Framing::Framed);
    parser.setLimits(&bounds);
    Taker taker;
    parser.feed(framingHeader, taker);
    // A declaration is allowed here, as nowhere else behind the beginning of a stream.
    if (text.starts_with("<?xml")) {
        const std::size_t end = text.find("?>");
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    }
    parser.feed(text, taker);
    const xml::ElementView root = taker.taken.root();
    if (!taker.fault.empty() || !root || !root.is("body", bindNamespace)) {
        return base::Error(base::ErrorCode::InvalidInput, "the request is no <body/>: " + taker.fault);
    }
    Body body;
    if (auto read = readAttributes(root, body); !read) {
        return std::move(read).error();
    }
    for (const xml::ElementView child : xml::children(root)) {
        std::string bytes;
        // Some clients leave the namespace of stanzas out and mean the content's (XEP-0206 §2).
        const bool unnamed = child.ns() == bindNamespace;
        xml::XmlWriter(bytes).element(child, unnamed ? bindNamespace : contentNamespace);
        if (bytes.size() > limits.stanzaBytesMax) {
            return base::Error(base::ErrorCode::LimitExceeded, "a child of <body/> is too long");
        }
        body.children.push_back(std::move(bytes));
    }
    return body;
}

void appendAttribute(std::string &attributes, std::string_view name, std::string_view value)
{
    attributes += ' ';
    attributes += name;
    attributes += "='";
    xml::appendEscapedAttribute(attributes, value);
    attributes += '\'';
}

std::string writeBody(const Answer &answer)
{
    std::string text = "<body xmlns='";
    text += bindNamespace;
    text += '\'';
    text += answer.attributes;
    if (answer.content.empty()) {
        text += "/>";
        return text;
    }
    text += '>';
    text += answer.content;
    text += "</body>";
    return text;
}

std::string terminateBody(std::string_view condition)
{
    Answer answer;
    appendAttribute(answer.attributes, "type", "terminate");
    if (!condition.empty()) {
        appendAttribute(answer.attributes, "condition", condition);
    }
    return writeBody(answer);
}

} // namespace godwit::bosh
