// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "http/RequestParser.h"

#include <QTest>

#include <optional>

using namespace godwit;
using namespace std::string_literals;
using http::RequestParser;
using http::Status;

namespace
{

http::RequestLimits smallLimits()
{
    return {.targetBytesMax = 40, .headerBytesMax = 300, .fieldsMax = 5, .bodyBytesMax = 20};
}

struct Read {
    std::optional<http::Request> request;
    std::optional<Status> failure;
    std::string rest;
};

/// Reads one request, given in pieces of `step` bytes.
Read read(std::string_view bytes, std::size_t step = std::string_view::npos)
{
    const http::RequestLimits limits = smallLimits();
    RequestParser parser(limits);
    while (!bytes.empty()) {
        std::string_view piece = bytes.substr(0, step);
        const std::size_t offered = piece.size();
        RequestParser::Outcome outcome = parser.feed(piece);
        if (outcome == RequestParser::Outcome::Head) {
            outcome = parser.feed(piece);
        }
        bytes.remove_prefix(offered - piece.size());
        if (outcome == RequestParser::Outcome::Complete) {
            return {parser.takeRequest(), std::nullopt, std::string(bytes)};
        }
        if (outcome == RequestParser::Outcome::Failed) {
            return {std::nullopt, parser.failure(), {}};
        }
    }
    return {};
}

const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n";
const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\n";

} // namespace

class TstRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsARequest_data();
    void readsARequest();
    void readsABody_data();
    void readsABody();
    void readsTargets_data();
    void readsTargets();
    void refuses_data();
    void refuses();
    void tellsOfAnUpgrade();
    void readsOneAfterAnother();
    void waitsForContinue();
    void readsLists();
};

void TstRequestParser::readsARequest_data()
{
    QTest::addColumn<std::size_t>("step");
    QTest::newRow("whole") << std::string::npos;
    QTest::newRow("byte by byte") << std::size_t{1};
}

void TstRequestParser::readsARequest()
{
    QFETCH(std::size_t, step);
    const Read got = read(get + "X-Name:  some value \r\nx-name: other\r\n\r\nGET /", step);
    QVERIFY(got.request.has_value());
    QCOMPARE(got.request->method, http::Method::Get);
    QCOMPARE(got.request->path, std::string("/a"));
    QCOMPARE(got.request->query, std::string("b=c"));
    QCOMPARE(std::string(got.request->field("x-name")), std::string("some value"));
    QCOMPARE(got.request->count("x-name"), std::size_t{2});
    QVERIFY(got.request->keepAlive);
    QCOMPARE(got.rest, std::string("GET /"));
}

void TstRequestParser::readsABody_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("by its length") << post + "Content-Length: 5\r\n\r\nhello";
    QTest::newRow("in chunks") << post + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n";
    QTest::newRow("with a trailer") << post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nHost: evil\r\n\r\n";
}

void TstRequestParser::readsABody()
{
    QFETCH(std::string, text);
    for (const std::size_t step : {text.size(), std::size_t{1}, std::size_t{7}}) {
        const Read got = read(text, step);
        QVERIFY(got.request.has_value());
        QCOMPARE(got.request->body, std::string("hello"));
        QCOMPARE(std::string(got.request->field("host")), std::string("x"));
        QCOMPARE(got.request->count("host"), std::size_t{1});
    }
}

void TstRequestParser::readsTargets_data()
{
    QTest::addColumn<std::string>("line");
    QTest::addColumn<std::string>("path");
    QTest::newRow("origin form") << "GET /a/b?c HTTP/1.1"s << "/a/b"s;
    QTest::newRow("absolute form") << "GET http://h:80/a HTTP/1.1"s << "/a"s;
    QTest::newRow("absolute form without a path") << "GET https://h HTTP/1.1"s << "/"s;
    QTest::newRow("the server") << "OPTIONS * HTTP/1.1"s << "*"s;
}

void TstRequestParser::readsTargets()
{
    QFETCH(std::string, line);
    QFETCH(std::string, path);
    const Read got = read(line + "\r\nHost: x\r\n\r\n");
    QVERIFY(got.request.has_value());
    QCOMPARE(got.request->path, path);
}

void TstRequestParser::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<int>("status");
    const std::string chunked = post + "Transfer-Encoding: chunked\r\n";
    // What could make a proxy and us see different requests (RFC 9112 §11.2).
    QTest::newRow("length and coding") << chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n" << 400;
    QTest::newRow("coding and length") << post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                       << 400;
    QTest::newRow("two lengths") << post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!" << 400;
    QTest::newRow("a list of lengths") << post + "Content-Length: 5, 5\r\n\r\nhello" << 400;
    QTest::newRow("a signed length") << post + "Content-Length: +5\r\n\r\nhello" << 400;
    QTest::newRow("two codings") << chunked + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" << 400;
    QTest::newRow("coding of HTTP/1.0") << "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s << 400;
    QTest::newRow("space before the colon") << get + "Content-Length : 5\r\n\r\n" << 400;
    QTest::newRow("folded line") << get + "X: a\r\n b\r\n\r\n" << 400;
    QTest::newRow("bare CR in a value") << get + "X: a\rb\r\n\r\n" << 400;
    QTest::newRow("bare LF behind a field") << get + "X: a\nY: b\r\n\r\n" << 400;
    QTest::newRow("NUL in a value") << get + std::string("X: a\0b\r\n\r\n", 10) << 400;
    QTest::newRow("no number of a chunk") << chunked + "\r\nxyz\r\n" << 400;
    QTest::newRow("a chunk longer than it says") << chunked + "\r\n2\r\nhello\r\n0\r\n\r\n" << 400;
    QTest::newRow("bare LF behind a chunk's length") << chunked + "\r\n2\nhe\r\n0\r\n\r\n" << 400;
    QTest::newRow("no host") << "GET / HTTP/1.1\r\n\r\n"s << 400;
    QTest::newRow("a host that is none") << "GET / HTTP/1.1\r\nHost: a b/<>\r\n\r\n"s << 400;
    QTest::newRow("two hosts") << get + "Host: y\r\n\r\n" << 400;
    QTest::newRow("a target with a space") << "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"s << 400;
    QTest::newRow("another word") << "GET / SMTP/1.1\r\nHost: x\r\n\r\n"s << 400;
    QTest::newRow("the bytes of TLS") << std::string("\x16\x03\x01\x02\x00\x01\x00", 7) << 400;
    // What is not here.
    QTest::newRow("an unknown method") << "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n"s << 501;
    QTest::newRow("an unknown coding") << post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" << 501;
    QTest::newRow("a tunnel") << "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"s << 501;
    QTest::newRow("HTTP/2 in words") << "GET / HTTP/2.0\r\nHost: x\r\n\r\n"s << 505;
    QTest::newRow("the preface of HTTP/2") << "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s << 505;
    QTest::newRow("HTTP/3.1") << "GET / HTTP/3.1\r\nHost: x\r\n\r\n"s << 505;
    // Bounds.
    QTest::newRow("a long target") << "GET /" + std::string(40, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n" << 414;
    QTest::newRow("a long field") << get + "X: " + std::string(300, 'a') + "\r\n\r\n" << 431;
    QTest::newRow("many fields") << get + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n\r\n" << 431;
    QTest::newRow("a flood of empty lines") << std::string(400, '\n') + get + "\r\n" << 431;
    QTest::newRow("a long trailer") << chunked + "\r\n0\r\nX: " + std::string(300, 'a') + "\r\n\r\n" << 431;
    QTest::newRow("long extensions of chunks") << chunked + "\r\n1;" + std::string(300, 'a') + "\r\na\r\n0\r\n\r\n"
                                               << 431;
    QTest::newRow("a long body") << post + "Content-Length: 21\r\n\r\n" << 413;
    QTest::newRow("a long body in chunks") << chunked + "\r\n15\r\n" + std::string(21, 'a') << 413;
}

void TstRequestParser::refuses()
{
    QFETCH(std::string, text);
    QFETCH(int, status);
    for (const std::size_t step : {text.size(), std::size_t{1}}) {
        const Read got = read(text, step);
        QVERIFY2(got.failure.has_value(), got.request ? "it was read" : "more is waited for");
        QCOMPARE(static_cast<int>(*got.failure), status);
    }
}

void TstRequestParser::tellsOfAnUpgrade()
{
    const Read got = read(get + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x80");
    QVERIFY(got.request.has_value());
    QVERIFY(got.request->upgrade);
    QVERIFY(got.request->lists("connection", "upgrade"));
    QCOMPARE(got.rest, std::string("\x81\x80"));
}

void TstRequestParser::readsOneAfterAnother()
{
    const http::RequestLimits limits = smallLimits();
    RequestParser parser(limits);
    const std::string text = post + "Content-Length: 2\r\n\r\nhi" + "GET /b HTTP/1.0\r\n\r\n" + get +
                             "Upgrade: h2c\r\n\r\n" + get + "Connection: close\r\n\r\n";
    std::string_view rest = text;
    std::vector<std::string> paths;
    std::vector<bool> keptAlive;
    while (!rest.empty()) {
        RequestParser::Outcome outcome = parser.feed(rest);
        QCOMPARE(outcome, RequestParser::Outcome::Head);
        QCOMPARE(parser.feed(rest), RequestParser::Outcome::Complete);
        const http::Request request = parser.takeRequest();
        QVERIFY(!parser.begun());
        paths.push_back(request.path);
        keptAlive.push_back(request.keepAlive);
        if (!request.keepAlive && request.minorVersion == 0) {
            break;
        }
    }
    QCOMPARE(paths, (std::vector<std::string>{"/a", "/b"}));
    QCOMPARE(keptAlive, (std::vector<bool>{true, false}));
}

void TstRequestParser::waitsForContinue()
{
    const http::RequestLimits limits = smallLimits();
    RequestParser parser(limits);
    const std::string text = post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    std::string_view bytes = text;
    QCOMPARE(parser.feed(bytes), RequestParser::Outcome::Head);
    QVERIFY(parser.awaitsContinue());
    QVERIFY(bytes.empty());
    std::string_view body = "hi";
    QCOMPARE(parser.feed(body), RequestParser::Outcome::Complete);
    QCOMPARE(parser.takeRequest().body, std::string("hi"));
}

void TstRequestParser::readsLists()
{
    http::Request request;
    request.fields = {{"a", "x , Y"}, {"b", "q"}, {"a", "z"}};
    QVERIFY(request.lists("a", "y"));
    QVERIFY(request.lists("a", "z"));
    QVERIFY(!request.lists("a", "q"));
    QVERIFY(!request.lists("b", ""));
}

GODWIT_TEST(TstRequestParser);
#include "tst_requestparser.moc"
