// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Vectors.h"

#include "Support.h"

#include <QFile>

#include <array>
#include <memory>

namespace godwit::test
{

namespace
{

struct Word {
    const char *word;
    VectorLine::Kind kind;
};

constexpr std::array words{
    Word{"#", VectorLine::Kind::Name},        Word{";", VectorLine::Kind::Note},
    Word{"tables", VectorLine::Kind::Tables}, Word{"turn", VectorLine::Kind::Turn}, Word{"xml", VectorLine::Kind::Xml},
    Word{"hex", VectorLine::Kind::Hex},       Word{"read", VectorLine::Kind::Read},
    Word{"refuse", VectorLine::Kind::Refuse},
};

const char *wordOf(VectorLine::Kind kind)
{
    for (const Word &word : words) {
        if (word.kind == kind) {
            return word.word;
        }
    }
    return "";
}

compact::TableSizes sizesOf(const QByteArray &text)
{
    const QList<QByteArray> numbers = text.split(' ');
    if (numbers.size() != 3) {
        qFatal("not three sizes of tables: %s", text.constData());
    }
    return compact::TableSizes{numbers.at(0).toUInt(), numbers.at(1).toUInt(), numbers.at(2).toUInt()};
}

} // namespace

QByteArray vectorFile()
{
    QFile file(QStringLiteral(GODWIT_CORPUS "/compact/vectors.txt"));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("cannot read %s", qPrintable(file.fileName()));
    }
    return file.readAll();
}

QList<VectorLine> vectorLines(const QByteArray &file)
{
    QList<VectorLine> lines;
    for (const QByteArray &line : file.split('\n')) {
        if (line.isEmpty()) {
            continue;
        }
        const qsizetype space = line.indexOf(' ');
        const QByteArray first = space < 0 ? line : line.left(space);
        bool isKnown = false;
        for (const Word &word : words) {
            if (first == word.word) {
                lines += VectorLine{word.kind, space < 0 ? QByteArray() : line.mid(space + 1)};
                isKnown = true;
            }
        }
        if (!isKnown) {
            qFatal("not a line of a vector: %s", line.constData());
        }
    }
    return lines;
}

QList<VectorConnection> vectorConnections(const QByteArray &file)
{
    QList<VectorConnection> connections;
    for (const VectorLine &line : vectorLines(file)) {
        if (line.kind == VectorLine::Kind::Name) {
            connections += VectorConnection{line.text, {}, {}};
        } else if (line.kind == VectorLine::Kind::Tables) {
            connections.last().sizes = sizesOf(line.text);
        } else if (line.kind != VectorLine::Kind::Note) {
            connections.last().lines += line;
        }
    }
    return connections;
}

QByteArray rewritten(const QByteArray &file)
{
    QByteArray out;
    std::unique_ptr<VectorEnds> ends;
    std::string message;
    for (const VectorLine &line : vectorLines(file)) {
        QByteArray text = line.text;
        if (line.kind == VectorLine::Kind::Name) {
            ends = std::make_unique<VectorEnds>(compact::tableSizesMax);
            message.clear();
        } else if (line.kind == VectorLine::Kind::Tables) {
            ends = std::make_unique<VectorEnds>(sizesOf(text));
        } else if (line.kind == VectorLine::Kind::Turn) {
            ends->turn();
        } else if (line.kind == VectorLine::Kind::Xml) {
            const xml::Document document = tree(view(text));
            if (!ends || !ends->encoder().element(message, document.root())) {
                qFatal("cannot encode %s", text.constData());
            }
        } else if (line.kind == VectorLine::Kind::Hex) {
            // The other side has read it before it answers.
            text = hex(message);
            std::string_view rest = message;
            while (!rest.empty()) {
                if (!ends->decoder().next(rest)) {
                    qFatal("cannot read %s", text.constData());
                }
            }
        }
        if (line.kind == VectorLine::Kind::Hex || line.kind == VectorLine::Kind::Read) {
            message.clear();
        }
        out += wordOf(line.kind);
        out += (text.isEmpty() ? "" : " ") + text + '\n';
    }
    return out;
}

} // namespace godwit::test
