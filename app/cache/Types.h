// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the cache holds, as values.
#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace godwit::cache
{

/// Microseconds since 1970, UTC; 0 for "not yet".
using Time = std::int64_t;
/// Names a message on this device, for ever. 0 names none.
using MessageKey = std::int64_t;
/// Where a message stands in its chat: larger is newer. Comparable with Time (it is the archive's time, made unique).
using Place = std::int64_t;

/// The states of an own message in the order in which they are passed; Incoming for messages of the other side. The
/// numbers are stored.
enum class MessageState : std::uint8_t {
    Incoming = 0,
    Queued = 1,    ///< in the outbox, not on a wire
    Sent = 2,      ///< written to a stream that is still up or may be resumed
    Accepted = 3,  ///< the server's ack covers it
    Delivered = 4, ///< XEP-0184
    Read = 5,      ///< XEP-0333
    Failed = 6,    ///< refused; `reason` says why
};

/// When an own message passed each state.
struct Timeline {
    Time queued = 0;
    Time sent = 0;
    Time accepted = 0;
    Time delivered = 0;
    Time read = 0;
    Time failed = 0;
};

struct Message {
    MessageKey key = 0;
    QString peer; ///< bare address of the other side
    bool own = false;
    QString body;
    Place place = 0;
    Time time = 0; ///< when it was written, as far as is known
    MessageState state = MessageState::Incoming;
    QString reason;
    QString stanzaId;  ///< the id attribute, which receipts and markers name
    QString originId;  ///< XEP-0359 origin-id
    QString archiveId; ///< XEP-0359 stanza-id of our own archive
    bool seen = true;  ///< incoming: the person saw it (on any device)
    bool markable = false;
    Timeline timeline;
};

/// A stretch of a chat that the archive may have and the cache does not: after `older`, before `newer`.
struct Gap {
    Place older = 0;
    Place newer = 0;
    friend bool operator==(const Gap &, const Gap &) = default;
};

struct MessagePage {
    std::vector<Message> newestFirst;
    std::vector<Gap> gaps; ///< all of the chat, oldest first
    bool atOldest = false; ///< the cache has nothing older
};

struct Chat {
    QString peer;
    int unread = 0;
    int failed = 0;
    QString draft;
    bool known = false; ///< we wrote to them or added them: they may learn that we read
    Place lastPlace = 0;
    std::optional<Message> last;
};

/// A roster entry (RFC 6121 §2.1).
struct Contact {
    QString address;
    QString name;
    QString subscription; ///< "none", "to", "from", "both"
    bool asked = false;   ///< our request waits for an answer
};

/// What an outbox row carries. The numbers are stored.
enum class OutboxKind : std::uint8_t {
    Message = 0,
    Receipt = 1,
    Marker = 2,
    Presence = 3, ///< subscription request or answer
};

struct OutboxRow {
    std::int64_t row = 0; ///< ascending is the order of sending
    OutboxKind kind = OutboxKind::Message;
    QString originId;
    MessageKey message = 0; ///< for OutboxKind::Message
    QString peer;
    QByteArray stanza; ///< the bytes that go on the wire, the same each time
};

/// A contiguous stretch of an archive that is in the cache: everything between `low` and `high`, both included.
struct Span {
    std::int64_t row = 0;
    QString scope; ///< empty for the whole archive, else the peer whose messages alone it covers
    QString lowId;
    QString highId;
    Place lowPlace = 0;
    Place highPlace = 0;
    bool fromBeginning = false; ///< the archive has nothing before `low`
};

/// Something that was committed. Changes arrive in the order of the commits.
struct Change {
    enum class Kind : std::uint8_t {
        MessageAdded,
        MessageChanged, ///< any field, `place` too
        MessageRemoved, ///< `message.key` and `message.peer`
        ChatChanged,
        ChatRemoved, ///< `chat.peer`
        SpansChanged,
        ContactsChanged,
        OutboxChanged, ///< rows were added by somebody else than the Outbox
    };
    Kind kind;
    Message message;
    Chat chat;
};

} // namespace godwit::cache
