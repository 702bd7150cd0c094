// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/MessageText.h"
#include "UnitTest.h"

#include <QRegularExpression>
#include <QTest>

using godwit::facade::MessageText;

class TstMessagetext : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void links_data();
    void links();
    void nothingBecomesMarkup_data();
    void nothingBecomesMarkup();
    void textStaysItself();
    void whatMayBeOpened_data();
    void whatMayBeOpened();

private:
    static QString html(const QString &body) { return MessageText::html(body, Qt::blue); }
};

void TstMessagetext::links_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QStringList>("links");
    QTest::newRow("none") << QStringLiteral("nothing here, example.org") << QStringList();
    QTest::newRow("alone") << QStringLiteral("https://example.org")
                           << QStringList{QStringLiteral("https://example.org")};
    QTest::newRow("ends a sentence") << QStringLiteral("See https://example.org/a.")
                                     << QStringList{QStringLiteral("https://example.org/a")};
    QTest::newRow("in brackets") << QStringLiteral("(https://example.org/a)")
                                 << QStringList{QStringLiteral("https://example.org/a")};
    QTest::newRow("brackets of its own") << QStringLiteral("https://example.org/a_(b)")
                                         << QStringList{QStringLiteral("https://example.org/a_(b)")};
    QTest::newRow("two") << QStringLiteral("http://a.example, https://b.example?x=1&y=2")
                         << QStringList{QStringLiteral("http://a.example"),
                                        QStringLiteral("https://b.example?x=1&amp;y=2")};
    QTest::newRow("in quotes") << QStringLiteral("\"https://example.org\"")
                               << QStringList{QStringLiteral("https://example.org")};
    QTest::newRow("upper case") << QStringLiteral("HTTPS://EXAMPLE.ORG")
                                << QStringList{QStringLiteral("HTTPS://EXAMPLE.ORG")};
    QTest::newRow("script") << QStringLiteral("javascript:alert(1) file:///etc/passwd") << QStringList();
    QTest::newRow("part of a word") << QStringLiteral("xhttps://example.org") << QStringList();
}

void TstMessagetext::links()
{
    QFETCH(QString, body);
    QFETCH(QStringList, links);
    static const QRegularExpression anchor(QStringLiteral("<a href=\"([^\"]*)\""));
    QStringList found;
    for (auto matches = anchor.globalMatch(html(body)); matches.hasNext();) {
        found.append(matches.next().captured(1));
    }
    QCOMPARE(found, links);
    QCOMPARE(MessageText::hasLinks(body), !links.isEmpty());
}

void TstMessagetext::nothingBecomesMarkup_data()
{
    QTest::addColumn<QString>("body");
    QTest::newRow("tag") << QStringLiteral("<b>bold</b> https://example.org");
    QTest::newRow("image") << QStringLiteral("<img src='https://example.org/x.png'> https://example.org");
    QTest::newRow("quote in a link") << QStringLiteral("https://example.org/\"onclick=\"x");
    QTest::newRow("tag in a link") << QStringLiteral("https://example.org/<script>x</script>");
    QTest::newRow("entity") << QStringLiteral("&lt;b&gt; https://example.org/&quot;");
    QTest::newRow("closing tag") << QStringLiteral("</p></a><h1>https://example.org");
}

/// Without our own elements no bracket is left, and each & begins an entity that we wrote.
void TstMessagetext::nothingBecomesMarkup()
{
    QFETCH(QString, body);
    QString rest = html(body);
    static const QRegularExpression ours(
        QStringLiteral("</?p( style=\"white-space: pre-wrap; margin: 0\")?>|<a href=\"[^\"<>]*\" style=\"color: "
                       "#0000ff\">|</a>|<br>"));
    rest.remove(ours);
    QVERIFY2(!rest.contains(u'<') && !rest.contains(u'>') && !rest.contains(u'"'), qPrintable(rest));
    // Turned back, it is what was written.
    rest.replace(QLatin1StringView("&lt;"), QLatin1StringView("<"));
    rest.replace(QLatin1StringView("&gt;"), QLatin1StringView(">"));
    rest.replace(QLatin1StringView("&quot;"), QLatin1StringView("\""));
    rest.replace(QLatin1StringView("&amp;"), QLatin1StringView("&"));
    QCOMPARE(rest, body);
}

void TstMessagetext::textStaysItself()
{
    QCOMPARE(html(QStringLiteral("a\n  b")),
             QStringLiteral("<p style=\"white-space: pre-wrap; margin: 0\">a<br>  b</p>"));
}

void TstMessagetext::whatMayBeOpened_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<bool>("may");
    QTest::newRow("https") << QStringLiteral("https://example.org/a?b=c#d") << true;
    QTest::newRow("http") << QStringLiteral("http://example.org") << true;
    QTest::newRow("upper case") << QStringLiteral("HTTPS://EXAMPLE.ORG") << true;
    QTest::newRow("file") << QStringLiteral("file:///etc/passwd") << false;
    QTest::newRow("script") << QStringLiteral("javascript:alert(1)") << false;
    QTest::newRow("no host") << QStringLiteral("https://") << false;
    QTest::newRow("nothing") << QStringLiteral("") << false;
}

void TstMessagetext::whatMayBeOpened()
{
    QFETCH(QString, link);
    QFETCH(bool, may);
    QCOMPARE(MessageText::mayOpen(link), may);
}

GODWIT_TEST(TstMessagetext);
#include "tst_messagetext.moc"
