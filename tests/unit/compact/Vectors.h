// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads and writes tests/corpus/compact/vectors.txt, whose first lines say what is in it.
#pragma once

#include "compact/Limits.h"

#include <QByteArray>
#include <QList>

namespace godwit::test
{

/// What a line of a vector says; xml lines belong to the next line that is not xml.
struct VectorLine {
    enum class Kind { Note, Name, Tables, Xml, Hex, Read, Refuse };
    Kind kind = Kind::Note;
    QByteArray text; ///< without the word in front
};

/// One connection: the lines from its name to the next name.
struct VectorConnection {
    QByteArray name;
    compact::TableSizes sizes;
    QList<VectorLine> lines;
};

/// All lines of the file, in order. Ends the program when a line is none of these.
QList<VectorLine> vectorLines(const QByteArray &file);
QList<VectorConnection> vectorConnections(const QByteArray &file);
/// The file with the bytes behind "hex" as our encoder writes them.
QByteArray rewritten(const QByteArray &file);
/// The contents of the file in the corpus.
QByteArray vectorFile();

} // namespace godwit::test
