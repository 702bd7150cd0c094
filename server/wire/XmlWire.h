// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// XML over TCP or TLS (RFC 6120): the stream is one document, its header declares the namespaces for all.
#pragma once

#include "wire/Wire.h"

namespace godwit::wire
{

class XmlWire final : public Wire
{
public:
    explicit XmlWire(xml::ParserPool &pool);

    void feed(std::string_view bytes, xml::StreamHandler &handler) override;
    void stop() override;
    std::string takeRest() override;
    void restart() override;
    void setLimits(const xml::XmlLimits *limits) override;
    void moveTo(xml::ParserPool &pool) override;
    std::size_t heldBytes() const override;

    void open(std::string &out, const xml::StreamHeader &header) override;
    void stanza(std::string &out, Pieces pieces) override;
    void sealStanza(std::string &, std::size_t) override {}
    void nonza(std::string &out, Pieces pieces) override;
    void streamElement(std::string &out, StreamElement element) override;
    void close(std::string &out) override;
    void whitespace(std::string &out) override;
    bool canStartTls() const override { return true; }

private:
    xml::StreamParser m_parser;
};

/// Every idle session has one (DELIVERY.md, budget).
static_assert(sizeof(XmlWire) <= 2 * sizeof(void *));

} // namespace godwit::wire
