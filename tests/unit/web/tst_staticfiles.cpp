// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "web/StaticFiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace godwit;

namespace
{

std::string fieldOf(const http::Response &response, std::string_view name)
{
    const auto found = std::ranges::find(response.fields, name, &http::Field::name);
    return found == response.fields.end() ? "none" : found->value;
}

constexpr std::string_view policy = "default-src 'none'";

http::Request get(const std::string &path)
{
    http::Request request;
    request.method = http::Method::Get;
    request.path = path;
    return request;
}

} // namespace

class TstStaticFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        write("index.html", "<p>hello</p>");
        write("deep/er/app.js", "1");
        write("deep/index.html", "deep");
        write(".secret", "key");
        write(".git/config", "key");
        std::filesystem::create_symlink("/etc/hostname", path("link").toStdString());
    }
    void servesWhatIsThere()
    {
        const auto files = load(1'000);
        QVERIFY(files.ok());
        QCOMPARE((*files)->size(), std::size_t{3});
        QVERIFY((*files)->has("/") && (*files)->has("/index.html") && (*files)->has("/deep/"));
        const http::Response page = (*files)->serve(get("/"), policy);
        QCOMPARE(page.body, std::string("<p>hello</p>"));
        QCOMPARE(fieldOf(page, "Content-Type"), std::string("text/html; charset=utf-8"));
        QCOMPARE(fieldOf(page, "Content-Security-Policy"), std::string(policy));
        QCOMPARE(fieldOf(page, "X-Content-Type-Options"), std::string("nosniff"));
        QCOMPARE(fieldOf((*files)->serve(get("/deep/er/app.js"), policy), "Content-Type"),
                 std::string("text/javascript; charset=utf-8"));
    }
    void hidesTheRest()
    {
        const auto files = load(1'000);
        for (const char *hidden : {"/.secret", "/.git/config", "/link", "/deep", "/deep/er/", "/../index.html", "//",
                                   "", "/%2e%2e/index.html", "/nothing"}) {
            QVERIFY2(!(*files)->has(hidden), hidden);
        }
    }
    void saysWhatDidNotChange()
    {
        const auto files = load(1'000);
        http::Request request = get("/index.html");
        const std::string tag = fieldOf((*files)->serve(request, policy), "ETag");
        request.fields.push_back({"if-none-match", "\"other\", " + tag});
        const http::Response same = (*files)->serve(request, policy);
        QCOMPARE(same.status, http::Status::NotModified);
        QCOMPARE(same.body, std::string());
        // A proxy made it weak; and RFC 9110 §13.1.2 for the asterisk.
        for (const std::string &held : {"W/" + tag, std::string("*")}) {
            request.fields.back().value = held;
            QCOMPARE((*files)->serve(request, policy).status, http::Status::NotModified);
        }
        request.fields.back().value = tag;
        write("index.html", "<p>hallo</p>");
        const auto changed = load(1'000);
        QCOMPARE((*changed)->serve(request, policy).status, http::Status::Ok);
    }
    void packsWhatShrinks()
    {
        const std::string text(10'000, 'x');
        write("long.js", text.c_str());
        const auto files = load(100'000);
        http::Request request = get("/long.js");
        const http::Response plain = (*files)->serve(request, policy);
        QCOMPARE(plain.body, text);
        QCOMPARE(fieldOf(plain, "Content-Encoding"), std::string("none"));
        QCOMPARE(fieldOf(plain, "Vary"), std::string("Accept-Encoding"));
        request.fields.push_back({"accept-encoding", "br, gzip"});
        const http::Response packed = (*files)->serve(request, policy);
        QCOMPARE(fieldOf(packed, "Content-Encoding"), std::string("gzip"));
        QVERIFY(packed.body.size() < 100 && packed.body.starts_with("\x1f\x8b"));
        QVERIFY(fieldOf(packed, "ETag") != fieldOf(plain, "ETag"));
        request.fields.push_back({"if-none-match", fieldOf(packed, "ETag")});
        QCOMPARE((*files)->serve(request, policy).status, http::Status::NotModified);
        // Too short to become shorter.
        http::Request small = get("/index.html");
        small.fields.push_back({"accept-encoding", "gzip"});
        QCOMPARE((*files)->serve(small, policy).body, std::string("<p>hello</p>"));
    }
    void boundsWhatItHolds()
    {
        QVERIFY(load(17).ok());
        const auto tooMuch = load(16);
        QVERIFY(!tooMuch.ok());
        QCOMPARE(tooMuch.error().code(), base::ErrorCode::LimitExceeded);
        QCOMPARE(web::StaticFiles::load(path("none").toStdString(), 1).error().code(), base::ErrorCode::NotFound);
    }

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    void write(const char *name, const char *text)
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    base::Result<std::shared_ptr<const web::StaticFiles>> load(std::size_t bytesMax) const
    {
        return web::StaticFiles::load(m_folder->path().toStdString(), bytesMax);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

GODWIT_TEST(TstStaticFiles);
#include "tst_staticfiles.moc"
