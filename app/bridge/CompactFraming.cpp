// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/Framing.h"
#include "compact/Decoder.h"
#include "compact/Encoder.h"
#include "compact/Sharing.h"

#include <optional>
#include <type_traits>

namespace godwit::bridge
{

namespace
{

constexpr compact::Limits limits{.messageBytesMax = receiveLimits.stanzaBytesMax,
                                 .stanzaBytesMax = receiveLimits.stanzaBytesMax,
                                 .depthMax = receiveLimits.depthMax,
                                 .elementsMax = receiveLimits.elementsMax,
                                 .attributesMax = receiveLimits.attributesMax};

class CompactFraming final : public Framing
{
public:
    CompactFraming()
        : m_encoder(m_exchange)
        , m_decoder(m_exchange, &limits)
    {
    }

    MessageKind kind() const override { return MessageKind::Binary; }

    void open(const xml::StreamHeader &header) override { m_encoder.open(m_pending, header); }

    base::Result<base::Ok> stanza(const xml::Stanza &stanza) override { return element(stanza.root()); }
    base::Result<base::Ok> nonza(xml::ElementView nonza) override { return element(nonza); }
    void close() override { m_encoder.close(m_pending); }

    /// What was said until now shares one message: a stanza and the request for its ack cost one header.
    std::vector<std::string> takeMessages() override
    {
        seal();
        return Framing::takeMessages();
    }

    base::Result<base::Ok> read(std::string_view message, xml::StreamHandler &handler) override
    {
        for (;;) {
            base::Result<std::optional<compact::Frame>> frame = m_decoder.next(message);
            if (!frame) {
                return frame.error();
            }
            if (!*frame) {
                return base::Ok();
            }
            std::visit([&](auto &&one) { tell(std::forward<decltype(one)>(one), handler); }, std::move(**frame));
        }
    }

private:
    base::Result<base::Ok> element(xml::ElementView element)
    {
        const std::size_t before = m_pending.size();
        base::Result<base::Ok> done = m_encoder.element(m_pending, element);
        if (before > 0 && !compact::mayShareMessage(before, m_pending.size() - before)) {
            std::string frame = m_pending.substr(before);
            m_pending.resize(before);
            seal();
            m_pending = std::move(frame);
        }
        return done;
    }

    void seal()
    {
        if (!m_pending.empty()) {
            m_messages.push_back(std::exchange(m_pending, {}));
        }
    }

    static void tell(compact::Open &&open, xml::StreamHandler &handler)
    {
        handler.onStreamOpen(std::move(open.header));
    }
    static void tell(compact::Close &&, xml::StreamHandler &handler) { handler.onStreamClose(); }
    static void tell(compact::Ack &&ack, xml::StreamHandler &handler) { handler.onNonza(compact::elementOf(ack)); }
    static void tell(compact::AckRequest &&request, xml::StreamHandler &handler)
    {
        handler.onNonza(compact::elementOf(request));
    }
    static void tell(xml::Stanza &&stanza, xml::StreamHandler &handler) { handler.onStanza(std::move(stanza)); }
    static void tell(xml::MalformedStanza &&stanza, xml::StreamHandler &handler)
    {
        handler.onMalformedStanza(std::move(stanza));
    }
    static void tell(xml::Nonza &&nonza, xml::StreamHandler &handler) { handler.onNonza(std::move(nonza)); }

    compact::Exchange m_exchange;
    compact::Encoder m_encoder;
    compact::Decoder m_decoder;
    std::string m_pending;
};

} // namespace

std::unique_ptr<Framing> makeCompactFraming()
{
    return std::make_unique<CompactFraming>();
}

} // namespace godwit::bridge
