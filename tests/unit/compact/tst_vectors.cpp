// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The vectors that other implementations test against: our encoder writes them, our decoder reads them, and what they
// refuse is refused.

#include "Support.h"
#include "UnitTest.h"
#include "Vectors.h"

#include <QTest>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::VectorConnection;
using godwit::test::VectorLine;

Q_DECLARE_METATYPE(godwit::test::VectorConnection)

namespace
{

/// Empty when a message says what the lines say.
QByteArray whatIsWrong(Decoder &decoder, std::string_view message, const QList<QByteArray> &lines)
{
    for (const QByteArray &line : lines) {
        const auto frame = decoder.next(message);
        if (!frame) {
            return "refused: " + test::bytes(frame.error().text()) + " for " + line;
        }
        if (!*frame) {
            return "no frame for " + line;
        }
        const xml::Document read = test::treeOf(**frame);
        if (!xml::sameInfoset(read.root(), test::tree(test::view(line)).root())) {
            return line + " became " + test::written(read);
        }
    }
    const auto behind = decoder.next(message);
    return behind && !*behind ? QByteArray() : QByteArray("something behind the frames");
}

} // namespace

class TstVectors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void written();
    void read_data();
    void read();
};

/// The file holds what the encoder writes. After a change of the XML in it, run godwit_compact_vectors.
void TstVectors::written()
{
    const QByteArray file = test::vectorFile();
    QVERIFY(file.size() > 10'000);
    const QByteArray again = test::rewritten(file);
    const QList<QByteArray> lines = file.split('\n');
    const QList<QByteArray> newLines = again.split('\n');
    QCOMPARE(newLines.size(), lines.size());
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QCOMPARE(newLines.at(i), lines.at(i));
    }
}

void TstVectors::read_data()
{
    QTest::addColumn<VectorConnection>("connection");
    for (const VectorConnection &connection : test::vectorConnections(test::vectorFile())) {
        QTest::newRow(connection.name.constData()) << connection;
    }
}

void TstVectors::read()
{
    QFETCH(VectorConnection, connection);
    test::VectorEnds ends(connection.sizes);
    QList<QByteArray> lines;
    bool saysSomething = false;
    for (const VectorLine &line : connection.lines) {
        const std::string message = test::fromHex(test::view(line.text));
        switch (line.kind) {
        case VectorLine::Kind::Turn:
            ends.turn();
            break;
        case VectorLine::Kind::Xml:
            lines += line.text;
            break;
        case VectorLine::Kind::Hex: {
            // What a side has offered, its encoder knows.
            std::string written;
            for (const QByteArray &xml : lines) {
                QVERIFY(ends.encoder().element(written, test::tree(test::view(xml)).root()).ok());
            }
            QCOMPARE(test::hex(written), line.text);
        }
            [[fallthrough]];
        case VectorLine::Kind::Read:
            QCOMPARE(whatIsWrong(ends.decoder(), message, lines), QByteArray());
            lines.clear();
            saysSomething = true;
            break;
        default: {
            std::string_view rest = message;
            base::Result<std::optional<Frame>> frame = ends.decoder().next(rest);
            while (frame && *frame) {
                frame = ends.decoder().next(rest);
            }
            QVERIFY2(!frame, "nothing was refused");
            QVERIFY(frame.error().code() == base::ErrorCode::InvalidInput);
            QVERIFY(!ends.decoder().next(rest).ok());
            saysSomething = true;
            break;
        }
        }
    }
    QVERIFY(saysSomething && lines.isEmpty());
}

GODWIT_TEST(TstVectors);
#include "tst_vectors.moc"
