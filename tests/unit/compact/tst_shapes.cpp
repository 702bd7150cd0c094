// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A thread that knows the shape of a stanza writes and reads it as one that has never seen it: the same bytes, the same
// stanza, the same tables afterwards, the same errors.

#include "AlikeStanzas.h"
#include "Support.h"
#include "UnitTest.h"

#include "base/Random.h"
#include "compact/ShapeTree.h"

#include <QTest>

#include <array>
#include <thread>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::bytes;

namespace
{

/// Does it where no shape is known yet.
template <class Work>
void onFreshThread(Work work)
{
    std::thread(work).join();
}

/// Empty when two results say the same.
QByteArray difference(const base::Result<std::optional<Frame>> &one, const base::Result<std::optional<Frame>> &other)
{
    if (one.ok() != other.ok()) {
        return one ? "only the other fails: " + bytes(other.error().context())
                   : "only the one fails: " + bytes(one.error().context());
    }
    if (!one) {
        return one.error().code() == other.error().code() ? QByteArray() : "other errors";
    }
    if (one->has_value() != other->has_value() || (*one && (*one)->index() != (*other)->index())) {
        return "other frames";
    }
    const auto *a = *one ? std::get_if<xml::Stanza>(&**one) : nullptr;
    const auto *b = *one ? std::get_if<xml::Stanza>(&**other) : nullptr;
    if (!a) {
        return {};
    }
    if (a->bytes != b->bytes || a->id != b->id || a->kind != b->kind || a->type != b->type || a->from != b->from ||
        a->to != b->to || !xml::sameInfoset(a->root(), b->root())) {
        return "other stanzas: " + bytes(a->bytes) + " and " + bytes(b->bytes);
    }
    for (std::uint32_t i = 0; i < a->tree.nodeCount(); ++i) {
        const xml::Document::Node &x = a->tree.node(i);
        const xml::Document::Node &y = b->tree.node(i);
        if (x.kind != y.kind || x.rawBegin != y.rawBegin || x.rawEnd != y.rawEnd) {
            return "other offsets: " + bytes(a->bytes);
        }
    }
    return {};
}

} // namespace

class TstShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void written();
    void read();
    void damaged_data();
    void damaged();
    void limits();
    void language();
    void stampedAndCut();
    void treeForgets();
};

void TstShapes::written()
{
    Exchange exchanges[2];
    Encoder knows(exchanges[0]);
    Encoder doesNot(exchanges[1]);
    test::AlikeStanzas alike(1);
    for (int i = 0; i < 20'000; ++i) {
        const std::string kept = alike.next();
        const xml::Document tree = test::tree(kept);
        std::string one;
        std::string other;
        QVERIFY(knows.written(one, kept).ok());
        QVERIFY(doesNot.element(other, tree.root()).ok());
        QVERIFY2(one == other, bytes(kept).constData());
    }
}

void TstShapes::read()
{
    Exchange exchanges[3];
    Encoder encoder(exchanges[0]);
    Decoder knows(exchanges[1]);
    Decoder doesNot(exchanges[2]);
    std::string message;
    encoder.open(message, {});
    std::string_view rest = message;
    QVERIFY(knows.next(rest).ok());
    rest = message;
    QVERIFY(doesNot.next(rest).ok());
    test::AlikeStanzas alike(2);
    for (int i = 0; i < 2'000; ++i) {
        const xml::Document tree = test::tree(alike.next());
        message.clear();
        QVERIFY(encoder.element(message, tree.root()).ok());
        // What is behind a frame is not looked at.
        message += "\xf5";
        std::string_view left = message;
        const auto one = knows.next(left);
        QCOMPARE(left.size(), std::size_t{1});
        QByteArray wrong = "nothing read";
        onFreshThread([&] {
            std::string_view again = message;
            wrong = difference(one, doesNot.next(again));
        });
        QCOMPARE(wrong, QByteArray());
        exchanges[0].ours.release(exchanges[0].ours.count());
        exchanges[1].theirs.release(exchanges[1].theirs.count());
        exchanges[2].theirs.release(exchanges[2].theirs.count());
    }
}

void TstShapes::damaged_data()
{
    constexpr std::string_view chat =
        "<message to='romeo@example.org' id='8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e' type='chat'><body>hello there"
        "</body><origin-id xmlns='urn:xmpp:sid:0' id='8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e'/>"
        "<request xmlns='urn:xmpp:receipts'/></message>";
    constexpr std::string_view result =
        "<message from='romeo@example.org' id='some-id-17'><result xmlns='urn:xmpp:mam:2' id='5' queryid='some-id-18'>"
        "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/>"
        "<message xmlns='jabber:client' to='romeo@example.org'><thread>abcdefgh</thread></message></forwarded></result>"
        "</message>";
    constexpr std::string_view presence =
        "<presence to='juliet@example.net/balcony' from='romeo@example.org/orchard' id='some-id-17'><delay "
        "xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05.6Z' from='romeo@example.org'/></presence>";
    constexpr std::string_view fromOthers =
        "<presence to='friar@example.net/cell' from='nurse@example.edu/größe' id='some-id-17'><delay "
        "xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05.6Z' from='nurse@example.edu'/></presence>";
    QTest::addColumn<std::string>("known");
    QTest::addColumn<std::string>("kept");
    QTest::newRow("a chat") << std::string(chat) << std::string(chat);
    QTest::newRow("a result of the archive") << std::string(result) << std::string(result);
    QTest::newRow("a presence of somebody new") << std::string(presence) << std::string(fromOthers);
}

/// Every byte of frames whose shape is known is changed, and every end is cut off.
void TstShapes::damaged()
{
    QFETCH(std::string, known);
    QFETCH(std::string, kept);
    base::SeededRandom random(3);
    std::string opening;
    std::string frame;
    std::string damaged;
    std::string next;
    using Results = std::array<base::Result<std::optional<Frame>>, 2>;
    // The frame, and the good one behind it: the tables must be the same, too.
    const auto decode = [&](std::string_view changed, bool isFresh) {
        Exchange exchange;
        Decoder decoder(exchange);
        std::string_view rest = opening;
        while (!rest.empty()) {
            if (!decoder.next(rest)) {
                qFatal("the beginning is good");
            }
        }
        Results results{std::optional<Frame>(), std::optional<Frame>()};
        const auto readBoth = [&] {
            rest = changed;
            results[0] = decoder.next(rest);
            rest = next;
            results[1] = decoder.next(rest);
        };
        if (isFresh) {
            onFreshThread(readBoth);
        } else {
            readBoth();
        }
        return results;
    };
    Exchange here;
    Encoder encoder(here);
    encoder.open(opening, {});
    QVERIFY(encoder.written(opening, known).ok());
    QVERIFY(encoder.written(opening, known).ok());
    QVERIFY(encoder.written(frame, kept).ok());
    QVERIFY(encoder.written(next, kept).ok());
    QVERIFY(decode(frame, false)[1].ok());
    for (std::size_t at = 0; at < frame.size(); ++at) {
        for (int i = 0; i < 12; ++i) {
            damaged = i == 0 ? frame.substr(0, at) : frame;
            if (i > 0) {
                damaged[at] =
                    i < 9 ? static_cast<char>(damaged[at] ^ (1 << (i - 1))) : static_cast<char>(random.below(256));
            }
            const Results one = decode(damaged, false);
            const Results other = decode(damaged, true);
            const QByteArray wrong = difference(one[0], other[0]) + difference(one[1], other[1]);
            QVERIFY2(wrong.isEmpty(), (wrong + ": " + test::hex(damaged)).constData());
        }
    }
}

void TstShapes::limits()
{
    constexpr std::string_view kept =
        "<message to='romeo@example.org' id='some-id-17' type='chat'><body>hello there</body></message>";
    std::string message;
    Exchange here;
    Encoder encoder(here);
    encoder.open(message, {});
    for (int i = 0; i < 3; ++i) {
        QVERIFY(encoder.written(message, kept).ok());
    }
    const auto codeWith = [&message](const Limits &limits) {
        Exchange exchange;
        Decoder decoder(exchange);
        std::string_view rest = message;
        std::optional<base::ErrorCode> code;
        for (int i = 0; i < 4; ++i) {
            decoder.setLimits(i < 3 ? nullptr : &limits);
            const auto frame = decoder.next(rest);
            code = frame ? std::nullopt : std::optional(frame.error().code());
        }
        return code;
    };
    const std::size_t size = kept.size();
    QVERIFY(!codeWith(Limits{262'144, size, 2, 2, 3}));
    QVERIFY(codeWith(Limits{262'144, size - 1, 2, 2, 3}) == base::ErrorCode::LimitExceeded);
    QVERIFY(codeWith(Limits{262'144, size, 1, 2, 3}) == base::ErrorCode::LimitExceeded);
    QVERIFY(codeWith(Limits{262'144, size, 2, 1, 3}) == base::ErrorCode::LimitExceeded);
    QVERIFY(codeWith(Limits{262'144, size, 2, 2, 2}) == base::ErrorCode::LimitExceeded);
}

/// A stream's language is in its stanzas, and in those of no other stream.
void TstShapes::language()
{
    for (int round = 0; round < 3; ++round) {
        for (const char *language : {"", "de", "fr"}) {
            Exchange here;
            Exchange there;
            Encoder encoder(here);
            Decoder decoder(there);
            xml::StreamHeader header;
            header.language = language;
            std::string message;
            encoder.open(message, header);
            QVERIFY(encoder.written(message, "<message id='1'><body>x</body></message>").ok());
            std::string_view rest = message;
            QVERIFY(decoder.next(rest).ok());
            const auto frame = decoder.next(rest);
            QCOMPARE(std::get<xml::Stanza>(**frame).root().attribute("lang", xml::xmlNamespace),
                     std::string_view(language));
        }
    }
}

/// What the server does to a stanza, it can do to one that was filled in.
void TstShapes::stampedAndCut()
{
    Exchange here;
    Exchange there;
    Encoder encoder(here);
    Decoder decoder(there);
    std::string message;
    encoder.open(message, {});
    std::string_view opening = message;
    QVERIFY(decoder.next(opening).ok());
    for (const std::string_view body : {"a", "b &lt; c", "d"}) {
        const std::string kept = "<message to='romeo@example.org' type='chat'><body>" + std::string(body) +
                                 "</body><store xmlns='urn:xmpp:hints'/><thread>t</thread></message>";
        message.clear();
        QVERIFY(encoder.written(message, kept).ok());
        std::string_view rest = message;
        const auto frame = decoder.next(rest);
        xml::Stanza stanza = std::get<xml::Stanza>(**frame);
        stanza.from = jid::Jid::parse("juliet@example.net/x").value();
        xml::restamp(stanza);
        xml::removeChild(stanza, stanza.root().child("store", "urn:xmpp:hints"));
        const base::Result<xml::Stanza> again = xml::parseStanza(stanza.bytes);
        QVERIFY(again.ok());
        QVERIFY(xml::sameInfoset(again->root(), stanza.root()));
        QCOMPARE(bytes(stanza.bytes), bytes("<message from='juliet@example.net/x' to='romeo@example.org' type='chat'>"
                                            "<body>" +
                                            std::string(body) + "</body><thread>t</thread></message>"));
        for (std::uint32_t i = 0; i < stanza.tree.nodeCount(); ++i) {
            const xml::Document::Node &node = stanza.tree.node(i);
            if (stanza.tree.text(node.name) == "thread") {
                QCOMPARE(bytes(std::string_view(stanza.bytes).substr(node.rawBegin, node.rawEnd - node.rawBegin)),
                         QByteArray("<thread>t</thread>"));
            }
        }
    }
}

/// A tree that is full takes no more for a while, and then begins anew.
void TstShapes::treeForgets()
{
    using Tree = ShapeTree<char, int>;
    Tree tree;
    const auto find = [&tree](std::string_view text) {
        const int *plan = tree.match(
            text,
            [](std::string_view &rest, char, std::size_t) {
                const bool isThere = !rest.empty();
                rest.remove_prefix(isThere ? 1 : 0);
                return isThere;
            },
            [](int, std::string_view rest) { return rest.empty(); });
        return plan ? *plan : -1;
    };
    int learned = 0;
    for (; learned < 1'000 && tree.wantsMore(); ++learned) {
        const std::string text = "<" + std::to_string(learned) + "=x>";
        tree.add(text, std::array{Tree::Hole{text.size() - 2, 1, '\''}}, learned);
    }
    QVERIFY(learned > 8 && learned < 1'000);
    QCOMPARE(find("<7=y>"), 7);
    QCOMPARE(find("<7=>"), -1);
    QCOMPARE(find("<7=yy>"), -1);
    QCOMPARE(find("<x=y>"), -1);
    int refused = 0;
    while (!tree.wantsMore()) {
        ++refused;
    }
    QVERIFY(refused > 1'000);
    QCOMPARE(find("<7=y>"), -1);
    tree.add("<x=y>", std::array{Tree::Hole{3, 1, '\''}}, 1);
    QCOMPARE(find("<x=z>"), 1);
}

GODWIT_TEST(TstShapes);
#include "tst_shapes.moc"
