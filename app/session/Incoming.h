// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What comes in on a session, as values without QXmpp.
#pragma once

#include <QString>

#include <cstdint>

namespace godwit::session
{

/// One message stanza as it matters to a one-to-one chat. `Archive` items and carbons were checked to come from our own
/// account; everything else in here is the sender's word.
struct Incoming {
    enum class Source : std::uint8_t { Live, Carbon, Archive };
    enum class ChatState : std::uint8_t { None, Active, Composing, Paused };

    Source source = Source::Live;
    bool own = false;      ///< sent by this account, on whichever device
    bool error = false;    ///< type='error': `stanzaId` names the message that failed
    QString peer;          ///< bare address of the other side
    QString resource;      ///< of the sender
    QString stanzaId;      ///< the id attribute
    QString originId;      ///< XEP-0359, the sender's word
    QString archiveId;     ///< XEP-0359 stanza-id by our own account; for archive items the result's id
    std::int64_t stamp = 0; ///< microseconds since 1970 from the delay of the archive or server, 0 when there is none
    QString body;
    ChatState chatState = ChatState::None;
    bool receiptRequested = false;
    QString receiptFor;   ///< XEP-0184: the id that is confirmed
    bool markable = false;
    QString displayedFor; ///< XEP-0333: the id up to which was read
    QString errorCondition; ///< "service-unavailable"
    QString errorText;      ///< the server's words, may be empty
};

struct RosterItem {
    QString address;
    QString name;
    QString subscription; ///< "none", "to", "from", "both", "remove"
    bool asked = false;
};

struct Presence {
    QString address; ///< bare
    QString resource;
    bool available = false;
    QString show; ///< "", "away", "chat", "dnd", "xa"
    QString status;
    int priority = 0;
};

/// What to ask an archive for (XEP-0313). Results are always in the archive's order, oldest first.
struct ArchiveQuery {
    QString with;         ///< only messages with that bare address; empty for all
    QString after;        ///< only what follows that id
    QString before;       ///< only what precedes that id, the newest `max` of it; with `newest` an empty id is the end
    bool newest = false;  ///< page from the end
    std::int64_t start = 0; ///< only from that time on, microseconds since 1970; 0 for no limit
    std::int64_t end = 0;   ///< only up to that time; 0 for no limit
    int max = 100;
};

struct ArchivePage {
    QString firstId;
    QString lastId;
    bool complete = false; ///< nothing more in the asked direction
};

} // namespace godwit::session
