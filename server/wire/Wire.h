// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How the elements of a stream become bytes and back: one semantic for every transport. A stream's owner feeds what
// came in and gets events; it writes elements onto the end of a buffer it owns (net's output buffer), with no copy in
// between. Used on the stream's thread only.
//
// Output has four sorts of elements, which differ in where their namespace comes from:
//   stanza         kept form (xml/Stanza.h): no xmlns on the start tag, the stream's content namespace applies. A wire
//                  without a stream header around it (RFC 7395) writes the xmlns in.
//   nonza          an element of ours with its xmlns written out; it is put out as it stands.
//   streamElement  an element of the stream namespace (features, error), whose prefix the stream header declares, or
//                  not.
//   open / close   the stream itself.
#pragma once

#include "xml/StreamParser.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace godwit::wire
{

/// The namespace of the stream itself (RFC 6120 §4.8.1), and the two content namespaces (§4.8.2).
inline constexpr std::string_view streamsNamespace = "http://etherx.jabber.org/streams";
inline constexpr std::string_view clientNamespace = "jabber:client";
inline constexpr std::string_view serverNamespace = "jabber:server";

/// One element in pieces that are written one behind the other: kept bytes up to the end tag, what the server adds
/// (stanza-id, delay), the end tag.
using Pieces = std::initializer_list<std::string_view>;

class Wire
{
public:
    virtual ~Wire() = default;

    /// Reads bytes; calls the handler for what they complete. The handler may call stop(), nothing else of these.
    virtual void feed(std::string_view bytes, xml::StreamHandler &handler) = 0;
    /// From within a handler: reads nothing behind the current element; the unread rest is takeRest()'s.
    virtual void stop() = 0;
    virtual std::string takeRest() = 0;
    /// A new stream begins on the same connection (after TLS, after SASL): the next thing read is a header.
    virtual void restart() = 0;
    /// Bounds for what is read from now on; `limits` must outlive the wire.
    virtual void setLimits(const xml::XmlLimits *limits) = 0;
    /// The stream moves to the thread that owns `pool`. Not from within a handler.
    virtual void moveTo(xml::ParserPool &pool) = 0;
    /// Bytes held for an element that is not complete.
    virtual std::size_t heldBytes() const = 0;

    /// The opening of our side of the stream; empty fields are left out.
    virtual void open(std::string &out, const xml::StreamHeader &header) = 0;
    virtual void stanza(std::string &out, Pieces pieces) = 0;
    /// What was appended to `out` since it had `from` bytes is one stanza in kept form: makes of it what stanza()
    /// would.
    virtual void sealStanza(std::string &out, std::size_t from) = 0;
    virtual void nonza(std::string &out, Pieces pieces) = 0;
    /// `<stream:name>content</stream:name>`; names are literals ("features", "error").
    struct StreamElement {
        std::string_view name;
        std::string_view content;
    };
    virtual void streamElement(std::string &out, StreamElement element) = 0;
    /// The end of our side of the stream.
    virtual void close(std::string &out) = 0;
    /// A keep-alive that says nothing (RFC 6120 §4.6.1); writes nothing where the wire has its own.
    virtual void whitespace(std::string &out) = 0;

    /// A wire that lets elements share a message writes them without its head. So the owner has `out` sealed before it
    /// takes it, which leaves it empty. `taken` is what it took before, if that ends with openBytes() of this wire that
    /// nobody has sent yet, else null: seal() may then change those bytes, and `out` belongs right behind them.
    virtual void seal(std::string &out, std::string *taken)
    {
        static_cast<void>(out);
        static_cast<void>(taken);
    }
    /// The end of what was taken that more can be added to; 0 when there is none.
    virtual std::size_t openBytes() const { return 0; }

    /// STARTTLS makes sense. Where TLS is below the wire or not at all (RFC 7395 §3.9, XEP-0206) it is not offered.
    virtual bool canStartTls() const { return false; }
    /// What the wire itself has to say after feed(): answers to pings, for one. Appended and forgotten.
    virtual void takeReplies(std::string &out) { static_cast<void>(out); }
    /// Instead of takeReplies(): it is not said.
    virtual void dropReplies() {}
    /// The peer ended what is below the stream without ending the stream: its connection is lost.
    virtual bool lost() const { return false; }
};

} // namespace godwit::wire
