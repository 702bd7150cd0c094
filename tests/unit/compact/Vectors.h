// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads and writes tests/corpus/compact/vectors.txt, whose first lines say what is in it.
#pragma once

#include "compact/Decoder.h"
#include "compact/Encoder.h"

#include <QByteArray>
#include <QList>

namespace godwit::test
{

/// What a line of a vector says; xml lines belong to the next line that is not xml.
struct VectorLine {
    enum class Kind { Note, Name, Tables, Turn, Xml, Hex, Read, Refuse };
    Kind kind = Kind::Note;
    QByteArray text; ///< without the word in front
};

/// One side of a connection, with what it writes and what it reads.
struct VectorEnd {
    explicit VectorEnd(const compact::TableSizes &sizes)
        : encoder(exchange, sizes)
        , decoder(exchange)
    {
    }
    VectorEnd(const VectorEnd &) = delete;
    VectorEnd &operator=(const VectorEnd &) = delete;

    compact::Exchange exchange;
    compact::Encoder encoder;
    compact::Decoder decoder;
};

/// Both sides; the near one writes until the turn.
class VectorEnds
{
public:
    explicit VectorEnds(const compact::TableSizes &sizes)
        : m_ends{VectorEnd(sizes), VectorEnd(sizes)}
    {
    }
    void turn() { m_writer = 1 - m_writer; }
    compact::Encoder &encoder() { return m_ends[m_writer].encoder; }
    compact::Decoder &decoder() { return m_ends[1 - m_writer].decoder; }

private:
    VectorEnd m_ends[2];
    int m_writer = 0;
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
