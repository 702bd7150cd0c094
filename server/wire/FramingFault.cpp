// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/FramingFault.h"

namespace godwit::wire
{

void reportFraming(websocket::CloseCode failure, xml::StreamHandler &handler)
{
    switch (failure) {
    case websocket::CloseCode::TooBig:
        handler.onXmlFault(xml::XmlFault::TooLarge, "The message is too long");
        return;
    case websocket::CloseCode::InvalidPayload:
        handler.onXmlFault(xml::XmlFault::UnsupportedEncoding, "The message is not UTF-8");
        return;
    case websocket::CloseCode::UnsupportedData:
        handler.onXmlFault(xml::XmlFault::InvalidXml, "Messages of this kind are not spoken here");
        return;
    default:
        handler.onXmlFault(xml::XmlFault::InvalidXml, "The frame breaks RFC 6455");
        return;
    }
}

} // namespace godwit::wire
