// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "WebSocketWire.h"

#include "Scanner.h"

#include "xml/Stanza.h"

namespace godwit::load
{

std::string withClientNamespace(std::string_view element)
{
    std::string text(element);
    xml::declareContent(text);
    return text;
}

void WebSocketWire::openStream()
{
    sendMessage("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" + escape(endpoint().domain) +
                "' version='1.0'/>");
}

void WebSocketWire::stanza(std::string_view element)
{
    sendMessage(withClientNamespace(element));
}

void WebSocketWire::sayGoodbye()
{
    sendMessage("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
}

bool WebSocketWire::onMessage(std::string_view message)
{
    const std::string_view name = elementName(message);
    if (name == "open") {
        return true;
    }
    return name == "close" ? user().onStreamEnd() : user().onElement(message);
}

} // namespace godwit::load
