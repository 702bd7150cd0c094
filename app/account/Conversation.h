// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One open chat, as the interface uses it: the messages, who is at the other end, and what can be done.
#pragma once

#include "models/MessageListModel.h"

#include <QObject>
#include <QTimer>
#include <QVariantList>

namespace godwit::account
{

class Account;

/// Made by Account::conversation() and owned by the Account. Lives in the main thread.
class Conversation : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString address READ address CONSTANT)
    Q_PROPERTY(QString name READ name NOTIFY nameChanged)
    Q_PROPERTY(bool available READ available NOTIFY presenceChanged)
    /// Presence in words: "Available", "Away", "Offline", or the person's own words.
    Q_PROPERTY(QString presenceText READ presenceText NOTIFY presenceChanged)
    /// The other side is writing right now.
    Q_PROPERTY(bool typing READ typing NOTIFY typingChanged)
    Q_PROPERTY(int unread READ unread NOTIFY unreadChanged)
    /// Typed and not sent; kept over restarts.
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
    Q_PROPERTY(godwit::models::MessageListModel *messages READ messages CONSTANT)
    /// The archive is being asked for older messages.
    Q_PROPERTY(bool loadingOlder READ loadingOlder NOTIFY historyChanged)
    /// The beginning of the conversation is here; there is nothing older.
    Q_PROPERTY(bool atBeginning READ atBeginning NOTIFY historyChanged)
    /// A stranger until added, accepted or written to: nobody who writes unasked learns that it was read.
    Q_PROPERTY(bool stranger READ stranger NOTIFY nameChanged)
    /// In the list of contacts, whoever asked whom.
    Q_PROPERTY(bool contact READ contact NOTIFY nameChanged)

public:
    Conversation(Account &account, QString address);
    ~Conversation() override;

    QString address() const { return m_address; }
    QString name() const;
    bool available() const;
    QString presenceText() const;
    bool typing() const;
    int unread() const { return m_unread; }
    QString draft() const { return m_draft; }
    void setDraft(const QString &text);
    models::MessageListModel *messages() const { return m_messages.get(); }
    bool loadingOlder() const;
    bool atBeginning() const;
    bool stranger() const;
    bool contact() const;

    /// Puts a message into the outbox; it is on disk when this returns. Returns its key, 0 when the disk refused it
    /// (then sendFailed says why) or the text is only white space. Clears the draft.
    Q_INVOKABLE qint64 send(const QString &text);
    /// Puts a failed message back into the outbox, behind what waits there.
    Q_INVOKABLE void retry(qint64 key);
    /// Removes a failed or still queued message from this device.
    Q_INVOKABLE void discard(qint64 key);
    /// The messages up to the newest were seen by the person; tells the other side and own devices. Call it when the
    /// chat is visible, the window active and the newest message in sight.
    Q_INVOKABLE void markRead();
    /// Call on each change of the text while the person writes; tells the other side, and that it stopped.
    Q_INVOKABLE void composing();
    /// Asks the archive for messages older than the oldest one; rows appear in `messages`.
    Q_INVOKABLE void loadOlder();
    /// The life of one message: a list of { what: string, time: date } in order, "Queued", "Sent", "Stored by the
    /// server", "Delivered", "Read" or "Failed" with the reason in `detail`. Emits timelineReady.
    Q_INVOKABLE void requestTimeline(qint64 key);
    /// Call when the chat comes into view and when it leaves it.
    Q_INVOKABLE void setVisible(bool visible);

Q_SIGNALS:
    void nameChanged();
    void presenceChanged();
    void typingChanged();
    void unreadChanged();
    void draftChanged();
    void historyChanged();
    void sendFailed(const QString &reason);
    void timelineReady(qint64 key, const QVariantList &steps);

private:
    void onChange(const cache::Change &change);
    void take(const cache::Chat &chat);
    void onArchive();
    void stopComposing();
    void saveDraft();

    Account &m_account;
    QString m_address;
    std::unique_ptr<models::MessageListModel> m_messages;
    QString m_draft;
    QTimer m_composingPause;
    QTimer m_draftSave;
    int m_unread = 0;
    bool m_known = false;
    bool m_composing = false;
    bool m_loaded = false;
    bool m_visible = false;
};

} // namespace godwit::account
