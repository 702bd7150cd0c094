// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What was written to one session and is not proved yet, in order (DELIVERY.md rule 10). A row of the log costs eight
// bytes here: it is read again when it must be sent again. Other stanzas (presence, iq, archive results) have no row;
// their bytes are kept as long as the stream can be resumed.
#pragma once

#include "ack/AckWindow.h"
#include "base/Ring.h"
#include "ledger/LogStore.h"

#include <string>
#include <vector>

namespace godwit::ledger
{

/// How a session sees a row.
enum class RowForm : std::uint8_t { Direct, CarbonReceived, CarbonSent };

/// Whether pending rows of the account were passed over between the row before and this one. A proof must not reach
/// over such a gap.
enum class Gap : std::uint8_t { No, Before };

/// Rows that are proved together: all of the account's rows in [low, high].
struct SeqRange {
    Seq low;
    Seq high;
};

/// One unproved thing on the wire, packed: form in bits 62-63 (3: kept bytes), gap in bit 61, seq below.
class Outgoing
{
public:
    Outgoing() = default;
    static Outgoing row(Seq seq, RowForm form, Gap gap);
    static Outgoing kept() { return Outgoing(std::uint64_t{3} << formShift); }

    bool isRow() const { return (m_bits >> formShift) != 3; }
    RowForm form() const { return static_cast<RowForm>(m_bits >> formShift); }
    Gap gap() const { return static_cast<Gap>((m_bits >> seqBits) & 1); }
    Seq seq() const { return Seq(m_bits & ((std::uint64_t{1} << seqBits) - 1)); }

private:
    static constexpr unsigned formShift = 62;
    explicit Outgoing(std::uint64_t bits)
        : m_bits(bits)
    {
    }
    std::uint64_t m_bits = 0;
};
static_assert(sizeof(Outgoing) == 8);

class OutgoingWindow
{
public:
    /// A stanza whose bytes are here; `proves` is the row that it shows to the client, if any (an archive result).
    struct Kept {
        std::string bytes; ///< empty when the budget did not allow keeping it: not sent again
        Seq proves;
    };
    /// An entry taken out to be sent again after a resumption.
    struct Unproved {
        Outgoing what;
        Kept kept;
    };

    OutgoingWindow() = default;
    /// Counts on from `count`.
    explicit OutgoingWindow(std::uint32_t count)
        : m_window(count)
    {
    }

    void pushRow(Seq seq, RowForm form, Gap gap);
    void pushKept(std::string bytes, Seq proves);

    /// The client counted `h` stanzas. The rows that this proves are appended to `proved`, joined where they may be.
    ack::AckOutcome acknowledge(std::uint32_t h, std::vector<SeqRange> &proved);

    /// Empties the window, giving what was unproved; the count goes on where it was acknowledged.
    std::vector<Unproved> takeUnproved();

    bool holdsRow(Seq seq) const;
    std::vector<Seq> rowSeqs() const;
    /// The lowest unproved row, or 0.
    Seq lowestRow() const;
    std::size_t rows() const noexcept { return m_rows; }
    std::size_t size() const noexcept { return m_window.size(); }
    std::size_t keptBytes() const noexcept { return m_keptBytes; }
    std::uint32_t sent() const noexcept { return m_window.sent(); }
    std::uint32_t acknowledged() const noexcept { return m_window.acknowledged(); }

private:
    void addProof(std::vector<SeqRange> &proved, Seq seq, Gap gap) const;

    ack::AckWindow<Outgoing> m_window;
    base::Ring<Kept> m_kept;
    std::size_t m_keptBytes = 0;
    std::size_t m_rows = 0;
};

} // namespace godwit::ledger
