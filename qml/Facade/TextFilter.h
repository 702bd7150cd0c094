// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QSortFilterProxyModel>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

/// The rows of a list of people or chats whose name or address holds every word of `text`, in the order of the list.
class TextFilter : public QSortFilterProxyModel
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    explicit TextFilter(QObject *parent = nullptr);

    QString text() const { return m_words.join(u' '); }
    void setText(const QString &text);
    int count() const { return rowCount(); }

    void setSourceModel(QAbstractItemModel *model) override;

    /// Empty when there is no such row.
    Q_INVOKABLE QString addressAt(int row) const;
    /// -1 when the address is not shown.
    Q_INVOKABLE int rowOf(const QString &address) const;

Q_SIGNALS:
    void textChanged();
    void countChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    int m_addressRole = -1;
    int m_nameRole = -1;
};

} // namespace godwit::facade
