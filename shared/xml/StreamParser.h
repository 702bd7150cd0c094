// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The reading half of an XML stream: bytes in, stream headers, stanzas and other top-level elements out. Parsers are
// lent (DELIVERY.md, budget): a StreamParser holds none; it finds the end of an element first and keeps its bytes.
#pragma once

#include "base/Result.h"
#include "xml/Stanza.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

/// Bounds on what an unfinished element may hold; checked while bytes come in, before memory is taken for them.
struct XmlLimits {
    std::size_t stanzaBytesMax = 262'144;
    std::size_t depthMax = 64;
    std::size_t attributesMax = 64;   ///< of one element
    std::size_t elementsMax = 10'000; ///< in one stanza
};

/// The opening tag of a stream (RFC 6120 §4.7), or `<open/>` of a WebSocket (RFC 7395 §3.3).
struct StreamHeader {
    std::string to;
    std::string from;
    std::string id;
    std::string version;
    std::string language;
    std::string contentNs; ///< the default namespace, "jabber:client" or "jabber:server" in practice
    bool validStreamNs = true;
};

/// What can be wrong with the bytes; the stream room turns it into a stream error (RFC 6120 §4.9.3).
enum class XmlFault : std::uint8_t {
    NotWellFormed,       ///< not-well-formed
    RestrictedXml,       ///< comment, processing instruction, DTD, custom entity: restricted-xml
    BadNamespacePrefix,  ///< bad-namespace-prefix
    InvalidNamespace,    ///< wrong stream namespace: invalid-namespace
    UnsupportedEncoding, ///< not UTF-8: unsupported-encoding
    InvalidXml,          ///< text between stanzas: bad-format / invalid-xml
    TooLarge,            ///< over XmlLimits: policy-violation
};

/// A top-level element of the stream that is not a stanza: SASL, XEP-0198, stream features, errors.
struct Nonza {
    Document tree;
    ElementView root() const { return tree.root(); }
};

/// Why a stanza could be read as XML but not as a stanza (RFC 6120 §4.9.3.10, §8.3.3.8): its addresses are no JIDs.
struct MalformedStanza {
    Stanza stanza; ///< from and to empty where they were malformed
    std::string reason;
};

/// Gets what the parser finds, in order, during feed(). A handler may call StreamParser::stop() and restart(), but must
/// not destroy the parser.
class StreamHandler
{
public:
    virtual ~StreamHandler() = default;
    virtual void onStreamOpen(StreamHeader &&header) = 0;
    virtual void onStanza(Stanza &&stanza) = 0;
    virtual void onMalformedStanza(MalformedStanza &&stanza) = 0;
    virtual void onNonza(Nonza &&nonza) = 0;
    virtual void onStreamClose() = 0;
    /// Reading is over; the parser takes no more bytes.
    virtual void onXmlFault(XmlFault fault, std::string detail) = 0;
};

/// The expat parsers of one thread. A parser is lent for the reading of one complete element and is back before the
/// handler hears of it, so a thread needs one whatever the number of its streams, and an unfinished element costs its
/// bytes alone.
class ParserPool
{
public:
    ParserPool();
    ~ParserPool();
    ParserPool(const ParserPool &) = delete;
    ParserPool &operator=(const ParserPool &) = delete;

    class Impl;
    Impl &impl() { return *m_impl; }
    std::size_t lent() const; ///< parsers that are out
    std::size_t idle() const; ///< parsers that wait

private:
    std::unique_ptr<Impl> m_impl;
};

/// The state of one stream's reading. Small when idle (no element unfinished): checked by a test to be ≤ 64 bytes plus
/// the header's namespaces, which streams with equal declarations share.
class StreamParser
{
public:
    /// How the stream is framed: `Continuous` has a <stream:stream> around all; `Framed` has complete elements, each on
    /// its own (RFC 7395), each given to feed() whole.
    enum class Framing : std::uint8_t { Continuous, Framed };

    StreamParser(ParserPool &pool, Framing framing);
    ~StreamParser();
    StreamParser(StreamParser &&) noexcept;
    StreamParser &operator=(StreamParser &&) noexcept;

    /// Must outlive the parser; may be changed between two calls of feed(). The bounds hold for headers, too.
    void setLimits(const XmlLimits *limits);
    /// Reads bytes; calls the handler for what they complete. A rest that stop() left and nobody took is read first.
    /// Nothing is read after a fault or the end of the stream until restart().
    void feed(std::string_view bytes, StreamHandler &handler);
    /// From within a handler: nothing after the current element is read in this feed(); the unread rest is returned by
    /// takeRest() (bytes behind a <starttls/> are dropped by the caller, see RFC 6120 §5.4.3.3, or belong to TLS).
    void stop();
    /// To be called after feed() returned.
    std::string takeRest();
    /// A new stream begins on the same connection (after TLS or SASL): forgets the header and waits for a new one.
    void restart();
    /// Moves to the pool of another thread; the bytes of an unfinished element move along. Not from within a handler.
    void moveTo(ParserPool &pool);
    /// Bytes held for an unfinished element.
    std::size_t heldBytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace godwit::xml
