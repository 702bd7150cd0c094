// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads tests/corpus: files of items, each a line "# name" and what follows up to the next one.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QList>

namespace godwit::test
{

struct CorpusItem {
    QByteArray name;
    QByteArray bytes;
};

/// Makes bytes of \xNN.
inline QByteArray unescaped(const QByteArray &text)
{
    QByteArray bytes;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.mid(i, 2) == "\\x") {
            bytes += QByteArray::fromHex(text.mid(i + 2, 2));
            i += 3;
        } else {
            bytes += text.at(i);
        }
    }
    return bytes;
}

/// The items of all files in a folder of the corpus ("stanzas"), or of one file ("malformed/headers.txt").
inline QList<CorpusItem> corpus(const QString &where)
{
    const QString path = QStringLiteral(GODWIT_CORPUS "/") + where;
    QStringList files{path};
    if (QFileInfo(path).isDir()) {
        files.clear();
        for (const QString &name : QDir(path).entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name)) {
            files += path + QLatin1Char('/') + name;
        }
    }
    QList<CorpusItem> items;
    for (const QString &name : files) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly)) {
            qFatal("cannot read %s", qPrintable(name));
        }
        const QByteArray prefix = QFileInfo(name).completeBaseName().toUtf8() + ": ";
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            if (line.startsWith("# ")) {
                items += CorpusItem{prefix + line.mid(2).trimmed(), {}};
            } else if (!items.isEmpty()) {
                items.last().bytes += line;
            }
        }
    }
    for (CorpusItem &item : items) {
        item.bytes.chop(item.bytes.endsWith('\n') ? 1 : 0);
        if (where.startsWith(QLatin1String("malformed"))) {
            item.bytes = unescaped(item.bytes);
        }
    }
    return items;
}

} // namespace godwit::test
