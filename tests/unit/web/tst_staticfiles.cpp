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
        const http::Response page = (*files)->serve(get("/"));
        QCOMPARE(page.body, std::string("<p>hello</p>"));
        QCOMPARE(fieldOf(page, "Content-Type"), std::string("text/html; charset=utf-8"));
        QVERIFY(fieldOf(page, "Content-Security-Policy").starts_with("default-src 'none'; script-src 'self';"));
        QCOMPARE(fieldOf(page, "X-Content-Type-Options"), std::string("nosniff"));
        QCOMPARE(fieldOf((*files)->serve(get("/deep/er/app.js")), "Content-Type"),
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
        const std::string tag = fieldOf((*files)->serve(request), "ETag");
        request.fields.push_back({"if-none-match", "\"other\", " + tag});
        const http::Response same = (*files)->serve(request);
        QCOMPARE(same.status, http::Status::NotModified);
        QCOMPARE(same.body, std::string());
        write("index.html", "<p>hallo</p>");
        const auto changed = load(1'000);
        QCOMPARE((*changed)->serve(request).status, http::Status::Ok);
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
