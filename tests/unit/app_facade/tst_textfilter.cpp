// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/TextFilter.h"
#include "UnitTest.h"

#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

using godwit::facade::TextFilter;

class TstTextfilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void finds_data();
    void finds();
    void countIsTold();
    void addressesAndRows();

private:
    void add(const QString &address, const QString &name)
    {
        auto *item = new QStandardItem;
        item->setData(address, Qt::UserRole + 1);
        item->setData(name, Qt::UserRole + 2);
        m_model->appendRow(item);
    }
    std::unique_ptr<QStandardItemModel> m_model;
};

void TstTextfilter::init()
{
    m_model = std::make_unique<QStandardItemModel>();
    m_model->setItemRoleNames({{Qt::UserRole + 1, "address"}, {Qt::UserRole + 2, "name"}});
    add(QStringLiteral("mira@example.org"), QStringLiteral("Mira Okonkwo"));
    add(QStringLiteral("jonas@example.org"), QStringLiteral("Jonas Lindqvist"));
    add(QStringLiteral("nour@example.net"), QStringLiteral("نور الهدى"));
}

void TstTextfilter::finds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("nothing typed") << QStringLiteral("")
                                   << QStringList{QStringLiteral("mira@example.org"),
                                                  QStringLiteral("jonas@example.org"),
                                                  QStringLiteral("nour@example.net")};
    QTest::newRow("name") << QStringLiteral("lind") << QStringList{QStringLiteral("jonas@example.org")};
    QTest::newRow("address") << QStringLiteral("EXAMPLE.NET") << QStringList{QStringLiteral("nour@example.net")};
    QTest::newRow("each word") << QStringLiteral(" okon  mira ") << QStringList{QStringLiteral("mira@example.org")};
    QTest::newRow("word in the address, word in the name")
        << QStringLiteral("org jonas") << QStringList{QStringLiteral("jonas@example.org")};
    QTest::newRow("other scripts") << QString::fromUtf8("نور") << QStringList{QStringLiteral("nour@example.net")};
    QTest::newRow("nobody") << QStringLiteral("zz") << QStringList();
}

void TstTextfilter::finds()
{
    QFETCH(QString, text);
    QFETCH(QStringList, found);
    TextFilter filter;
    filter.setSourceModel(m_model.get());
    filter.setText(text);
    QStringList got;
    for (int row = 0; row < filter.count(); ++row) {
        got.append(filter.addressAt(row));
    }
    QCOMPARE(got, found);
}

void TstTextfilter::countIsTold()
{
    TextFilter filter;
    filter.setSourceModel(m_model.get());
    QSignalSpy told(&filter, &TextFilter::countChanged);
    add(QStringLiteral("yuki@example.org"), QStringLiteral("Yuki"));
    QCOMPARE(filter.count(), 4);
    QVERIFY(!told.isEmpty());
    told.clear();
    filter.setText(QStringLiteral("yuki"));
    QCOMPARE(filter.count(), 1);
    QVERIFY(!told.isEmpty());
}

void TstTextfilter::addressesAndRows()
{
    TextFilter filter;
    filter.setSourceModel(m_model.get());
    QCOMPARE(filter.rowOf(QStringLiteral("nour@example.net")), 2);
    filter.setText(QStringLiteral("nour"));
    QCOMPARE(filter.rowOf(QStringLiteral("nour@example.net")), 0);
    QCOMPARE(filter.rowOf(QStringLiteral("mira@example.org")), -1);
    QCOMPARE(filter.addressAt(7), QString());
}

GODWIT_TEST(TstTextfilter);
#include "tst_textfilter.moc"
