// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/Frame.h"

#include <QTest>

using namespace godwit;
using namespace godwit::admin;

class TstFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackCutAnywhere()
    {
        const std::string odd("\0\xff\n", 3);
        FrameWriter first;
        first.text("ok").number(18'446'744'073'709'551'615U).text(odd).text({});
        const std::string bytes = first.take() + FrameWriter().text("second").take();
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            FrameBuffer buffer;
            std::vector<std::vector<std::string>> frames;
            for (const std::string_view part :
                 {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
                buffer.append(part);
                for (auto frame = buffer.next(); frame.ok() && *frame; frame = buffer.next()) {
                    frames.push_back(**frame);
                }
            }
            QCOMPARE(frames.size(), std::size_t(2));
            FrameReader reader(frames[0]);
            QCOMPARE(reader.text(), std::string("ok"));
            QCOMPARE(reader.number(), 18'446'744'073'709'551'615U);
            QCOMPARE(reader.text(), odd);
            QCOMPARE(reader.text(), std::string());
            QVERIFY(reader.ok() && reader.atEnd());
            QCOMPARE(frames[1].front(), std::string("second"));
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("too large") << QByteArray("\x7f\xff\xff\xff", 4);
        QTest::newRow("just too large") << QByteArray("\x00\x40\x00\x01", 4);
        QTest::newRow("field beyond the frame") << QByteArray("\0\0\0\5\0\0\0\2x", 9);
        QTest::newRow("field's size cut") << QByteArray("\0\0\0\3\0\0\0", 7);
        QTest::newRow("field's size wraps") << QByteArray("\0\0\0\4\xff\xff\xff\xff", 8);
        QTest::newRow("too many fields") << QByteArray("\x00\x04\x00\x04", 4) + QByteArray(0x40004, '\0');
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        FrameBuffer buffer;
        buffer.append(bytes.toStdString());
        QVERIFY(!buffer.next().ok());
    }

    void readerIsSpoiledByWhatIsMissing()
    {
        FrameReader empty({});
        QCOMPARE(empty.text(), std::string());
        QVERIFY(!empty.ok());
        FrameReader word({"x1"});
        QCOMPARE(word.number(), std::uint64_t(0));
        QVERIFY(!word.ok());
        FrameReader negative({"-1"});
        QCOMPARE(negative.number(), std::uint64_t(0));
        QVERIFY(!negative.ok());
        FrameReader large({"9"});
        QCOMPARE(large.count(8), std::size_t(0));
        QVERIFY(!large.ok());
    }
};

GODWIT_TEST(TstFrame);
#include "tst_frame.moc"
