// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "models/ContactListModel.h"

#include "contacts/Contacts.h"

#include <algorithm>

namespace godwit::models
{

ContactListModel::ContactListModel(contacts::Contacts &contacts, QObject *parent)
    : QAbstractListModel(parent)
    , m_contacts(contacts)
{
    connect(&contacts, &contacts::Contacts::listChanged, this, &ContactListModel::rebuild);
    connect(&contacts, &contacts::Contacts::changed, this, &ContactListModel::touch);
    rebuild();
}

ContactListModel::~ContactListModel() = default;

int ContactListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int ContactListModel::requests() const
{
    return static_cast<int>(std::ranges::count(m_rows, Kind::Request, &Row::kind));
}

QHash<int, QByteArray> ContactListModel::roleNames() const
{
    return {{AddressRole, "address"},     {NameRole, "name"},           {KindRole, "kind"},
            {RelationRole, "relation"},   {AvailableRole, "available"}, {PresenceTextRole, "presenceText"},
            {SectionRole, "section"}};
}

QVariant ContactListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() < 0 || index.row() >= count()) {
        return {};
    }
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case AddressRole:
        return row.address;
    case Qt::DisplayRole:
    case NameRole:
        return row.name;
    case KindRole:
        return QVariant::fromValue(row.kind);
    case RelationRole:
        return QVariant::fromValue(relation(row.address));
    case AvailableRole:
        return m_contacts.available(row.address);
    case PresenceTextRole:
        return row.kind == Kind::Request ? tr("Wants to be your contact") : m_contacts.presenceText(row.address);
    case SectionRole:
        return row.kind == Kind::Request ? QString() : row.name.left(1).toUpper();
    default:
        return {};
    }
}

ContactListModel::Relation ContactListModel::relation(const QString &address) const
{
    const auto found = m_contacts.all().find(address);
    if (found == m_contacts.all().end()) {
        return Relation::None;
    }
    const cache::Contact &contact = found->second;
    if (contact.subscription == u"both") {
        return Relation::Mutual;
    }
    if (contact.subscription == u"to") {
        return Relation::WeSeeThem;
    }
    if (contact.asked) {
        return Relation::WeAsk;
    }
    return contact.subscription == u"from" ? Relation::TheySeeUs : Relation::None;
}

void ContactListModel::rebuild()
{
    std::vector<Row> rows;
    for (const QString &address : m_contacts.requests()) {
        rows.push_back({.address = address, .name = m_contacts.name(address), .kind = Kind::Request});
    }
    const auto contactsBegin = static_cast<std::ptrdiff_t>(rows.size());
    for (const auto &[address, contact] : m_contacts.all()) {
        rows.push_back({.address = address, .name = m_contacts.name(address), .kind = Kind::Contact});
    }
    std::sort(rows.begin() + contactsBegin, rows.end(), [](const Row &a, const Row &b) {
        const int order = a.name.localeAwareCompare(b.name);
        return order != 0 ? order < 0 : a.address < b.address;
    });
    if (rows == m_rows) {
        if (!m_rows.empty()) {
            Q_EMIT dataChanged(index(0), index(count() - 1));
        }
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    Q_EMIT countChanged();
}

void ContactListModel::touch(const QString &address)
{
    for (int row = 0; row < count(); ++row) {
        if (m_rows[static_cast<std::size_t>(row)].address == address) {
            Q_EMIT dataChanged(index(row), index(row));
        }
    }
}

} // namespace godwit::models
