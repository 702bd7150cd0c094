// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The writing half of one direction of a compact connection: elements of a stream in, frames out, appended to a buffer
// that the caller owns. Frames that are written one behind the other may go into one message of the WebSocket. One
// thread at a time.
#pragma once

#include "base/Result.h"
#include "compact/Offers.h"
#include "compact/Tables.h"
#include "xml/Document.h"
#include "xml/StreamParser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::compact
{

class WriteRecord;

class Encoder
{
public:
    /// `exchange` is shared with the decoder of the connection and must outlive both.
    explicit Encoder(Exchange &exchange, const TableSizes &sizes = tableSizesMax);

    /// Our side of the stream; the first call also says our tables and dictionary. Must come first.
    void open(std::string &out, const xml::StreamHeader &header);
    void close(std::string &out);
    /// XEP-0198 <a/> with that h, and <r/>.
    void ack(std::string &out, std::uint32_t h);
    void ackRequest(std::string &out);
    /// A stanza or another element of the stream, with all below it. What has a frame of its own (<a/>, <r/>, <open/>,
    /// <close/>) gets it. LimitExceeded when it is deeper than sentDepthMax; nothing is appended then, and the
    /// connection cannot go on, as the tables are out of step: every later element fails, too.
    base::Result<base::Ok> element(std::string &out, xml::ElementView element);

    /// The same for an element that is written out: what a stanza keeps, or an element of ours with its namespaces in
    /// it. The bytes must be well-formed; InvalidInput when they are not.
    base::Result<base::Ok> written(std::string &out, std::string_view element);

    /// Bytes of memory behind this object.
    std::size_t heldBytes() const { return m_tables.heldBytes(); }

private:
    bool ownFrame(std::string &out, xml::ElementView element);
    base::Result<base::Ok> fromTree(std::string &out, std::string_view kept);
    base::Result<base::Ok> frame(std::string &out, xml::ElementView element, WriteRecord *record);
    void release(std::string &out);

    Exchange &m_exchange;
    Tables m_tables;
    TableSizes m_sizes;
    std::optional<std::uint32_t> m_acked; ///< the h of the last ack frame
    bool m_opened = false;
    bool m_failed = false;
};

} // namespace godwit::compact
