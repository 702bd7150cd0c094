// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Frame.h"

#include "compact/Forms.h"
#include "xml/DocumentBuilder.h"

namespace godwit::compact
{

xml::Nonza elementOf(Ack ack)
{
    std::string h;
    appendDecimal(h, ack.h);
    xml::DocumentBuilder builder;
    builder.open("a", managementNamespace);
    builder.attribute("h", h);
    builder.close();
    return xml::Nonza{builder.copy()};
}

xml::Nonza elementOf(AckRequest)
{
    xml::DocumentBuilder builder;
    builder.open("r", managementNamespace);
    builder.close();
    return xml::Nonza{builder.copy()};
}

} // namespace godwit::compact
