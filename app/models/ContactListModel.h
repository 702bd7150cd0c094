// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The contacts of one account by name, requests of people who want to be contacts on top.
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <vector>

namespace godwit::contacts
{
class Contacts;
}

namespace godwit::models
{

/// Rows of the contact list. Lives in the main thread.
class ContactListModel : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// How many people ask to be a contact.
    Q_PROPERTY(int requests READ requests NOTIFY countChanged)

public:
    enum class Kind { Contact, Request };
    Q_ENUM(Kind)
    /// None: neither sees the other. WeAsk: our request is not answered yet. TheySeeUs, WeSeeThem: one direction only.
    enum class Relation { None, WeAsk, TheySeeUs, WeSeeThem, Mutual };
    Q_ENUM(Relation)

    enum Role {
        AddressRole = Qt::UserRole + 1, ///< "address": string
        NameRole,                       ///< "name": string, else the address
        KindRole,                       ///< "kind": Kind
        RelationRole,                   ///< "relation": Relation
        AvailableRole,                  ///< "available": bool
        PresenceTextRole,               ///< "presenceText": string, "Available", "Away", "Offline", or their own words
        SectionRole,                    ///< "section": string, the first letter of the name, empty for requests
    };
    Q_ENUM(Role)

    explicit ContactListModel(contacts::Contacts &contacts, QObject *parent = nullptr);
    ~ContactListModel() override;

    int count() const { return static_cast<int>(m_rows.size()); }
    int requests() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    struct Row {
        QString address;
        QString name;
        Kind kind = Kind::Contact;
        friend bool operator==(const Row &, const Row &) = default;
    };
    Relation relation(const QString &address) const;
    void rebuild();
    void touch(const QString &address);

    contacts::Contacts &m_contacts;
    std::vector<Row> m_rows;
};

} // namespace godwit::models
