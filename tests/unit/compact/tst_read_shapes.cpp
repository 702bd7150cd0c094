// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which frames take the short way, above all those with addresses that are new; and that it is no other way for the
// tables. That both ways give the same stanza is in tst_shapes.

#include "Support.h"
#include "UnitTest.h"

#include "compact/ElementReader.h"

#include <QTest>

#include <optional>
#include <string>
#include <vector>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::bytes;

namespace
{

constexpr Limits limits;

/// The reading half of one direction, told which way to take.
class Reader
{
public:
    explicit Reader(const TableSizes &sizes = tableSizesMax)
        : m_tables(sizes)
    {
    }

    /// What was learned stays, tables and offers do not.
    void forgetConnection(const TableSizes &sizes = tableSizesMax)
    {
        m_tables = Tables(sizes);
        m_exchange = Exchange();
    }

    /// The stanza's kept bytes; nothing when the frame breaks a rule.
    std::optional<std::string> longWay(std::string_view frame)
    {
        CborReader reader(frame);
        Head head;
        m_record.clear();
        m_assembler.begin(limits, {});
        ElementReader element(reader, m_tables, m_exchange, m_assembler, m_scratch, &m_record);
        if (!reader.read(head) || !element.frame(head.argument)) {
            return std::nullopt;
        }
        xml::Stanza stanza;
        m_assembler.takeStanza(stanza);
        if (m_assembler.reason().empty()) {
            m_shapes.learn(frame, m_record, stanza, Assembler::textBegin, {});
        }
        return stanza.bytes;
    }

    bool finds(std::string_view frame)
    {
        const std::size_t size = m_shapes.find(frame, context());
        return size > 0 && size <= frame.size();
    }

    /// Of a frame that was just found, and is still there.
    std::optional<std::string> shortWay()
    {
        xml::Stanza stanza;
        return m_shapes.read(context(), stanza) ? std::nullopt : std::optional(stanza.bytes);
    }

    std::vector<std::string> addresses() const
    {
        std::vector<std::string> all;
        for (std::uint64_t slot = 0; const auto text = m_tables.addresses.at(slot); ++slot) {
            all.emplace_back(*text);
        }
        return all;
    }

private:
    ReadShapes::Context context() { return {limits, {}, m_tables, m_exchange}; }

    Tables m_tables;
    Exchange m_exchange;
    Assembler m_assembler;
    ReadRecord m_record;
    ReadShapes m_shapes;
    std::string m_scratch;
};

// Items of CBOR, at most 23 bytes or items long.
std::string item(unsigned major, std::size_t argument)
{
    return std::string(1, static_cast<char>(major << 5 | argument));
}
std::string text(std::string_view said)
{
    return item(3, said.size()) + std::string(said);
}
std::string slot(std::size_t number)
{
    return item(1, number);
}
constexpr const char *null = "\xf6";
std::string bare(std::string_view local, const std::string &domain)
{
    return item(4, 3) + text(local) + domain + null;
}
std::string full(std::string_view local, const std::string &domain, std::string_view resource)
{
    return item(4, 3) + text(local) + domain + text(resource);
}
std::string of(const std::string &address, std::string_view resource)
{
    return item(4, 2) + address + text(resource);
}

/// A presence with a delay inside it, whose address is none of the stanza.
std::string presence(const std::string &to, const std::string &from, const std::string &delayFrom)
{
    return item(4, 5) + item(0, 2) + to + from + null + item(4, 3) + item(0, 14) + text("x") + delayFrom;
}

/// Slots: 0 the domain, 1 and 2 juliet, 3 and 4 romeo.
std::string first()
{
    return presence(full("juliet", text("example.org"), "p"), full("romeo", slot(0), "q"), slot(3));
}

} // namespace

class TstReadShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newAddresses_data();
    void newAddresses();
    void others_data();
    void others();
    void faults_data();
    void faults();
    void cut();
    void smallTables();
};

void TstReadShapes::newAddresses_data()
{
    QTest::addColumn<QByteArray>("frame");
    const auto row = [](const char *name, const std::string &frame) { QTest::newRow(name) << bytes(frame); };
    row("none", presence(slot(2), slot(4), slot(3)));
    row("domain", presence(slot(2), text("example.net"), slot(3)));
    row("bare", presence(slot(2), bare("nurse", slot(0)), slot(3)));
    row("full", presence(slot(2), full("nurse", slot(0), "r"), slot(3)));
    row("all of it", presence(slot(2), full("nurse", text("example.net"), "r"), slot(3)));
    row("resource", presence(slot(2), of(slot(3), "other"), slot(3)));
    row("of a new domain", presence(slot(2), of(text("example.net"), "r"), slot(3)));
    row("beyond ASCII", presence(slot(2), full("größe", slot(0), "ß <&>"), slot(3)));
    row("to", presence(full("nurse", slot(0), "r"), slot(4), slot(3)));
    row("to and from", presence(full("nurse", slot(0), "r"), full("nurse", slot(0), "s"), slot(3)));
    row("the same twice", presence(text("example.net"), text("example.net"), text("example.net")));
    row("referred to behind", presence(slot(2), full("nurse", text("example.net"), "r"), slot(6)));
    row("in the delay", presence(slot(2), slot(4), full("nurse", slot(0), "<'\">")));
    row("no address in the delay", presence(slot(2), slot(4), text("")));
}

void TstReadShapes::newAddresses()
{
    QFETCH(QByteArray, frame);
    Reader shortly;
    Reader slowly;
    QVERIFY(shortly.longWay(first()));
    QVERIFY(slowly.longWay(first()));
    for (int i = 0; i < 2; ++i) {
        QVERIFY(shortly.finds(test::view(frame)));
        const auto one = shortly.shortWay();
        const auto other = slowly.longWay(test::view(frame));
        QVERIFY(one && other);
        QCOMPARE(bytes(*one), bytes(*other));
        QVERIFY(shortly.addresses() == slowly.addresses());
    }
}

void TstReadShapes::others_data()
{
    QTest::addColumn<QByteArray>("frame");
    const auto row = [](const char *name, const std::string &frame) { QTest::newRow(name) << bytes(frame); };
    row("not as it is prepared", presence(slot(2), full("Nurse", slot(0), "r"), slot(3)));
    row("domain not prepared", presence(slot(2), text("Example.net"), slot(3)));
    row("no address", presence(slot(2), text("@"), slot(3)));
    row("nothing", presence(slot(2), text(""), slot(3)));
    row("empty resource", presence(slot(2), of(slot(3), ""), slot(3)));
    row("no UTF-8", presence(slot(2), full("nurse", slot(0), "\xc3"), slot(3)));
    row("an empty slot", presence(slot(2), slot(5), slot(3)));
    row("an empty slot's domain", presence(slot(2), bare("nurse", slot(5)), slot(3)));
    row("a slot that is written before", presence(full("nurse", slot(0), "r"), slot(6), slot(3)));
    row("no resource", presence(slot(2), item(4, 2) + slot(3) + null, slot(3)));
    row("one part", presence(slot(2), item(4, 1) + slot(3), slot(3)));
    row("four parts", presence(slot(2), item(4, 4) + text("a") + slot(0) + text("b") + text("c"), slot(3)));
    row("inside each other", presence(slot(2), of(bare("nurse", slot(0)), "r"), slot(3)));
    row("bytes", presence(slot(2), item(2, 1) + "a", slot(3)));
    row("bytes for a part", presence(slot(2), item(4, 3) + item(2, 1) + "a" + slot(0) + null, slot(3)));
    row("a number", presence(slot(2), item(0, 1), slot(3)));
    row("one part in the delay", presence(slot(2), slot(4), item(4, 1) + slot(3)));
    row("bytes in the delay", presence(slot(2), slot(4), item(2, 1) + "a"));
}

/// Not what the short way can judge: nothing is read, nothing is entered.
void TstReadShapes::others()
{
    QFETCH(QByteArray, frame);
    Reader reader;
    QVERIFY(reader.longWay(first()));
    const std::vector<std::string> before = reader.addresses();
    QVERIFY(!reader.finds(test::view(frame)));
    QVERIFY(reader.addresses() == before);
}

void TstReadShapes::faults_data()
{
    QTest::addColumn<QByteArray>("frame");
    const auto row = [](const char *name, const std::string &frame) { QTest::newRow(name) << bytes(frame); };
    row("no UTF-8", presence(slot(2), slot(4), text("\xc3")));
    row("not for XML", presence(slot(2), slot(4), full("nurse", slot(0), "\x01")));
    row("not for XML, local", presence(slot(2), slot(4), bare("\x01", slot(0))));
    row("an empty slot", presence(slot(2), slot(4), slot(9)));
    row("an empty slot's domain", presence(slot(2), slot(4), bare("nurse", slot(9))));
}

/// What is no address of the stanza is judged where it is read, as on the long way.
void TstReadShapes::faults()
{
    QFETCH(QByteArray, frame);
    Reader shortly;
    Reader slowly;
    QVERIFY(shortly.longWay(first()));
    QVERIFY(slowly.longWay(first()));
    QVERIFY(!shortly.finds(test::view(frame)) || !shortly.shortWay());
    QVERIFY(!slowly.longWay(test::view(frame)));
}

void TstReadShapes::cut()
{
    Reader reader;
    QVERIFY(reader.longWay(first()));
    const std::string frame = presence(full("friar", text("example.net"), "r"), full("nurse", text("example.com"), "s"),
                                       full("peter", text("example.edu"), "t"));
    for (std::size_t size = 0; size < frame.size(); ++size) {
        QVERIFY(!reader.finds(std::string_view(frame).substr(0, size)));
    }
    QVERIFY(reader.finds(frame + "\xf5"));
}

/// A new address takes slots that a later reference means as they are then.
void TstReadShapes::smallTables()
{
    const TableSizes four{4, 4, 4};
    const std::string nurse = presence(full("nurse", slot(0), "r"), slot(1), slot(1));
    Reader shortly;
    QVERIFY(shortly.longWay(first()));
    for (int round = 0; round < 4; ++round) {
        Reader slowly(four);
        shortly.forgetConnection(four);
        // Puts another slot in front each time.
        for (int i = 0; i <= round; ++i) {
            const std::string frame = presence(text("a.example"), text("b.example"), text("c.example"));
            QVERIFY(slowly.longWay(frame));
            QVERIFY(shortly.finds(frame));
            QVERIFY(shortly.shortWay());
        }
        for (std::size_t at = 0; at < 4; ++at) {
            const std::string frame = presence(of(slot(at), "r"), slot((at + 2) % 4), slot((at + 1) % 4));
            const bool isShort = shortly.finds(frame);
            const auto one = isShort ? shortly.shortWay() : shortly.longWay(frame);
            const auto other = slowly.longWay(frame);
            QVERIFY(one.has_value() == other.has_value());
            QVERIFY(!one || *one == *other);
            QVERIFY(shortly.addresses() == slowly.addresses());
        }
    }
    shortly.forgetConnection({0, 0, 0});
    QVERIFY(!shortly.finds(nurse));
    const std::string literals = presence(text("a.example"), text("b.example"), text("c.example"));
    QVERIFY(shortly.finds(literals));
    QVERIFY(shortly.shortWay());
    QVERIFY(shortly.addresses().empty());
}

GODWIT_TEST(TstReadShapes);
#include "tst_read_shapes.moc"
