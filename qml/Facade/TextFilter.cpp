// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "TextFilter.h"

#include <algorithm>

namespace godwit::facade
{

TextFilter::TextFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    connect(this, &QAbstractItemModel::rowsInserted, this, &TextFilter::countChanged);
    connect(this, &QAbstractItemModel::rowsRemoved, this, &TextFilter::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &TextFilter::countChanged);
}

void TextFilter::setText(const QString &text)
{
    const QStringList words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    if (m_words != words) {
        m_words = words;
        invalidateRowsFilter();
        Q_EMIT textChanged();
        Q_EMIT countChanged();
    }
}

void TextFilter::setSourceModel(QAbstractItemModel *model)
{
    if (model) {
        const QHash<int, QByteArray> names = model->roleNames();
        m_addressRole = names.key("address", -1);
        m_nameRole = names.key("name", -1);
    }
    QSortFilterProxyModel::setSourceModel(model);
    if (model) {
        // The base tells of a move as a change of the whole layout, after which a list view shows rows twice.
        connect(model, &QAbstractItemModel::rowsMoved, this, [this] {
            beginResetModel();
            endResetModel();
        });
    }
}

QString TextFilter::addressAt(int row) const
{
    return index(row, 0).data(m_addressRole).toString();
}

int TextFilter::rowOf(const QString &address) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (addressAt(row) == address) {
            return row;
        }
    }
    return -1;
}

bool TextFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex at = sourceModel()->index(row, 0, parent);
    const QString name = at.data(m_nameRole).toString();
    const QString address = at.data(m_addressRole).toString();
    return std::ranges::all_of(m_words, [&](const QString &word) {
        return name.contains(word, Qt::CaseInsensitive) || address.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace godwit::facade
