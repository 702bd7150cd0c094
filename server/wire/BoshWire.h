// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What goes into and comes out of the bodies of BOSH (XEP-0206). In: a stream as over TCP, which the binding makes out
// of the bodies. Out: elements that stand in a body, each with its namespaces; the stream's own tags say nothing there.
#pragma once

#include "wire/XmlWire.h"

#include <string>

namespace godwit::wire
{

class BoshWire final : public Wire
{
public:
    explicit BoshWire(xml::ParserPool &pool);

    void feed(std::string_view bytes, xml::StreamHandler &handler) override { m_xml.feed(bytes, handler); }
    void stop() override { m_xml.stop(); }
    std::string takeRest() override { return m_xml.takeRest(); }
    void restart() override { m_xml.restart(); }
    void setLimits(const xml::XmlLimits *limits) override { m_xml.setLimits(limits); }
    void moveTo(xml::ParserPool &pool) override { m_xml.moveTo(pool); }
    std::size_t heldBytes() const override { return m_xml.heldBytes(); }

    void open(std::string &out, const xml::StreamHeader &header) override;
    void stanza(std::string &out, Pieces pieces) override;
    void sealStanza(std::string &out, std::size_t from) override;
    void nonza(std::string &out, Pieces pieces) override;
    void streamElement(std::string &out, StreamElement element) override;
    void close(std::string &) override {}
    void whitespace(std::string &) override {}

    /// Of our side; known once the stream is open.
    const std::string &streamId() const noexcept { return m_streamId; }
    /// The condition by which a body tells that the stream ended (XEP-0124 §17.2); empty when it ended in order.
    const std::string &condition() const noexcept { return m_condition; }

private:
    XmlWire m_xml;
    std::string m_streamId;
    std::string m_condition;
};

} // namespace godwit::wire
