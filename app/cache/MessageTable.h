// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "cache/Types.h"

#include <optional>
#include <vector>

namespace godwit::cache
{

class Store;

/// The messages. Writing functions note a Change and leave the chat to be counted again.
class MessageTable
{
public:
    explicit MessageTable(Store &store)
        : m_store(store)
    {
    }

    std::optional<Message> find(MessageKey key);
    /// By an id of our own archive.
    std::optional<Message> findArchived(const QString &archiveId);
    /// By the origin-id of an own message.
    std::optional<Message> findOwn(const QString &originId);
    /// By the id attribute, in one chat and direction; the newest if there are several.
    std::optional<Message> findStanza(const QString &peer, const QString &stanzaId, bool own);
    /// A message of the other side that is the same in all that a resend repeats.
    std::optional<Message> findIncoming(const QString &peer, const QString &originId, const QString &body);

    /// Newest first, places strictly below `before`.
    std::vector<Message> page(const QString &peer, Place before, int rows);
    std::optional<Message> newest(const QString &peer);
    std::optional<Message> oldest(const QString &peer);
    Place newestPlace(const QString &peer);
    /// The place above (below) the given one that has a message in the chat; 0 when there is none.
    Place nextPlace(const QString &peer, Place place);
    /// `wanted`, or the first place after it that no message of the chat has.
    Place freePlace(const QString &peer, Place wanted);
    /// `wanted`, or the first place before it that no message of the chat has.
    Place freePlaceBelow(const QString &peer, Place wanted);

    /// Stores a new message and fills in its key. Its place must be free.
    void insert(Message &message);
    /// Writes all fields back.
    void update(const Message &message);
    void remove(MessageKey key);
    void removeChat(const QString &peer);
    /// Notes that the archive knows the message under that id.
    void addArchiveId(MessageKey key, const QString &archiveId);

    /// Incoming messages up to and including a place become seen; returns the newest of them that may be marked.
    std::optional<Message> markSeen(const QString &peer, Place upTo);
    /// Own messages up to and including a place that the other side has now read become Read.
    void markRead(const QString &peer, Place upTo, Time at);
    /// Messages that are not on a stream any more are queued again.
    void requeueSent();

    int unseen(const QString &peer);
    /// The oldest message that was not seen; 0 when all were.
    MessageKey firstUnseen(const QString &peer);
    int failed(const QString &peer);

private:
    void noteChanged(MessageKey key);

    Store &m_store;
};

} // namespace godwit::cache
