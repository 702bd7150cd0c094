// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The smaller tables of the cache.
#pragma once

#include "cache/Types.h"

#include <optional>
#include <vector>

namespace godwit::cache
{

class Store;

class ChatTable
{
public:
    explicit ChatTable(Store &store)
        : m_store(store)
    {
    }
    /// The chat with its newest message; nothing when there is no such chat.
    std::optional<Chat> find(const QString &peer);
    /// All chats, the newest first.
    std::vector<Chat> all();
    /// Makes the chat when it does not exist.
    void ensure(const QString &peer);
    void setDraft(const QString &peer, const QString &draft);
    /// They may learn that we got and read what they write.
    void setKnown(const QString &peer);
    void remove(const QString &peer);
    /// Counts again after messages changed.
    void refresh(const QString &peer);

private:
    Store &m_store;
};

class OutboxTable
{
public:
    explicit OutboxTable(Store &store)
        : m_store(store)
    {
    }
    /// Appends and fills in the row number.
    void add(OutboxRow &row);
    std::optional<OutboxRow> findMessage(MessageKey message);
    /// Rows above a number, in the order of sending.
    std::vector<OutboxRow> after(std::int64_t row, int rows);
    void remove(std::int64_t row);
    int count();

private:
    Store &m_store;
};

class SpanTable
{
public:
    explicit SpanTable(Store &store)
        : m_store(store)
    {
    }
    /// Oldest first.
    std::vector<Span> all(const QString &scope);
    void add(Span &span);
    /// Notes no change: the newest span grows with every live message, which opens and closes no gap.
    void update(const Span &span);
    void remove(const Span &span);

private:
    Store &m_store;
};

class ContactTable
{
public:
    explicit ContactTable(Store &store)
        : m_store(store)
    {
    }
    std::optional<Contact> find(const QString &address);
    std::vector<Contact> all();
    void put(const Contact &contact);
    void remove(const QString &address);
    void replaceAll(const std::vector<Contact> &contacts);

private:
    Store &m_store;
};

class SettingTable
{
public:
    explicit SettingTable(Store &store)
        : m_store(store)
    {
    }
    QString value(const QString &name);
    void set(const QString &name, const QString &value);

private:
    Store &m_store;
};

} // namespace godwit::cache
