// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "FakeControl.h"
#include "admin/AdminSocket.h"
#include "admin/LocalSocket.h"
#include "admin/SocketControl.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>

using namespace godwit;
using namespace godwit::admin;

namespace
{

std::unique_ptr<AdminSocket> start(const std::string &path)
{
    auto control = std::make_unique<FakeControl>();
    control->lines = {{"version", "1"}};
    auto socket = AdminSocket::start(path, std::move(control));
    return socket.ok() ? std::move(*socket) : nullptr;
}

bool answers(const std::string &path)
{
    auto control = SocketControl::connect(path);
    return control.ok() && (*control)->status().ok();
}

} // namespace

class TstAdminSocket : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_path;

private Q_SLOTS:
    void init() { m_path = m_folder.filePath(QStringLiteral("admin.sock")).toStdString(); }

    void answersAndIsGoneAtTheEnd()
    {
        auto socket = start(m_path);
        QVERIFY(socket);
        struct stat file{};
        QCOMPARE(::stat(m_path.c_str(), &file), 0);
        QVERIFY(S_ISSOCK(file.st_mode));
        QCOMPARE(file.st_mode & 0777U, 0600U);
        QVERIFY(answers(m_path));
        socket.reset();
        QVERIFY(::stat(m_path.c_str(), &file) != 0);
        const auto nobody = SocketControl::connect(m_path);
        QVERIFY(!nobody.ok() && nobody.error().code() == base::ErrorCode::NotFound);
    }

    void answersOnALongPath()
    {
        const QString folder = m_folder.filePath(QString(200, QLatin1Char('x')));
        QVERIFY(QDir().mkpath(folder));
        const std::string path = folder.toStdString() + "/admin.sock";
        const auto socket = start(path);
        QVERIFY(socket);
        QVERIFY(answers(path));
    }

    void replacesWhatADeadProcessLeft()
    {
        // A listening socket that is closed without being unlinked.
        QVERIFY(listenLocal(m_path).ok());
        QVERIFY(QFile::exists(QString::fromStdString(m_path)));
        const auto socket = start(m_path);
        QVERIFY(socket);
        QVERIFY(answers(m_path));
    }

    void leavesALivingOneAlone()
    {
        const auto first = start(m_path);
        QVERIFY(first);
        const auto second = AdminSocket::start(m_path, std::make_unique<FakeControl>());
        QVERIFY(!second.ok());
        QVERIFY(second.error().code() == base::ErrorCode::Conflict);
        QVERIFY(answers(m_path));
    }

    void leavesAFileAlone()
    {
        QFile file(QString::fromStdString(m_path));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("precious");
        file.close();
        const auto socket = AdminSocket::start(m_path, std::make_unique<FakeControl>());
        QVERIFY(!socket.ok());
        QVERIFY(socket.error().code() == base::ErrorCode::AlreadyExists);
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
        file.remove();
    }

    void aClientThatSaysNonsenseIsCutOffAlone()
    {
        const auto socket = start(m_path);
        QVERIFY(socket);
        auto silent = connectLocal(m_path);
        auto rude = connectLocal(m_path);
        QVERIFY(silent.ok() && rude.ok());
        QCOMPARE(::send(rude->number(), "\xff\xff\xff\xff", 4, MSG_NOSIGNAL), 4);
        FrameBuffer answer;
        char bytes[512];
        ssize_t count = 0;
        while ((count = ::recv(rude->number(), bytes, sizeof bytes, 0)) > 0) {
            answer.append({bytes, static_cast<std::size_t>(count)});
        }
        QCOMPARE(count, 0);
        const auto fields = answer.next();
        QVERIFY(fields.ok() && *fields);
        QCOMPARE((*fields)->front(), std::string("limit-exceeded"));
        QVERIFY(answers(m_path));
    }

    void aRequestThatComesInPiecesIsAnswered()
    {
        const auto socket = start(m_path);
        QVERIFY(socket);
        auto slow = connectLocal(m_path);
        QVERIFY(slow.ok());
        const std::string request = FrameWriter().text(protocolNumber).text("status").take();
        for (const char byte : request) {
            QCOMPARE(::send(slow->number(), &byte, 1, MSG_NOSIGNAL), 1);
        }
        char bytes[512];
        QVERIFY(::recv(slow->number(), bytes, sizeof bytes, 0) > 0);
    }
};

GODWIT_TEST(TstAdminSocket);
#include "tst_adminsocket.moc"
