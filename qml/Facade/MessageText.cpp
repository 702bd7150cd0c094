// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "MessageText.h"

#include <QRegularExpression>
#include <QUrl>

namespace godwit::facade
{

namespace
{

const QRegularExpression &linkPattern()
{
    static const QRegularExpression pattern(QStringLiteral(R"(\bhttps?://[^\s<>"'`\x{00AB}\x{00BB}\x{201C}\x{201D}]+)"),
                                            QRegularExpression::CaseInsensitiveOption |
                                                QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

/// How much of a match is the link: what ends a sentence or closes a bracket that was opened before it is not.
qsizetype linkLength(QStringView match)
{
    qsizetype length = match.size();
    while (length > 0) {
        const QChar last = match.at(length - 1);
        const QStringView link = match.first(length);
        const bool closes = (last == u')' && link.count(u')') > link.count(u'(')) ||
                            (last == u']' && link.count(u']') > link.count(u'['));
        if (!closes && !QStringView(u".,;:!?\u2026\u060C\u061F\u3002\uFF0C").contains(last)) {
            break;
        }
        --length;
    }
    return length;
}

QString shown(QStringView text)
{
    return text.toString().toHtmlEscaped();
}

} // namespace

bool MessageText::hasLinks(const QString &body)
{
    return linkPattern().match(body).hasMatch();
}

QString MessageText::html(const QString &body, const QColor &linkColour)
{
    QString result = QStringLiteral("<p style=\"white-space: pre-wrap; margin: 0\">");
    const QStringView all(body);
    qsizetype done = 0;
    for (auto matches = linkPattern().globalMatch(body); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const QStringView link = match.capturedView().first(linkLength(match.capturedView()));
        result += shown(all.sliced(done, match.capturedStart() - done));
        result += QStringLiteral("<a href=\"%1\" style=\"color: %2\">%1</a>").arg(shown(link), linkColour.name());
        done = match.capturedStart() + link.size();
    }
    result += shown(all.sliced(done));
    return result.replace(u'\n', QStringLiteral("<br>")) + QStringLiteral("</p>");
}

bool MessageText::mayOpen(const QString &link)
{
    const QUrl url(link, QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty() &&
           (url.scheme() == QLatin1StringView("https") || url.scheme() == QLatin1StringView("http"));
}

} // namespace godwit::facade
