// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/Arguments.h"

#include <QTest>

#include <vector>

using namespace godwit;
using namespace godwit::admin;

namespace
{

base::Result<Arguments> parse(const QByteArray &line)
{
    const QList<QByteArray> words = line.isEmpty() ? QList<QByteArray>() : line.split(' ');
    std::vector<std::string_view> views;
    for (const QByteArray &word : words) {
        views.emplace_back(word.constData(), static_cast<std::size_t>(word.size()));
    }
    return parseArguments(views);
}

} // namespace

class TstArguments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takes_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("command");
        QTest::addColumn<QByteArray>("operands"); // joined by blanks
        const auto row = [](const char *line, Command command, const char *operands) {
            QTest::newRow(line) << QByteArray(line) << static_cast<int>(command) << QByteArray(operands);
        };
        row("serve", Command::Serve, "");
        row("init example.org", Command::Init, "example.org");
        row("init example.org --dir /srv/x", Command::Init, "example.org");
        row("user add alice@example.org", Command::UserAdd, "alice@example.org");
        row("user passwd alice@example.org --password-file f", Command::UserPassword, "alice@example.org");
        row("user remove alice@example.org --yes", Command::UserRemove, "alice@example.org");
        row("user remove -y alice@example.org", Command::UserRemove, "alice@example.org");
        row("user remove -y -- -odd@example.org", Command::UserRemove, "-odd@example.org");
        row("user list", Command::UserList, "");
        row("user import -", Command::UserImport, "-");
        row("user import users --replace", Command::UserImport, "users");
        row("status", Command::Status, "");
        row("check", Command::Check, "");
        row("trace alice@example.org AbC-_9", Command::Trace, "alice@example.org AbC-_9");
        row("trace a@b -L4bf7biU6co4FY2At_g8w", Command::Trace, "a@b -L4bf7biU6co4FY2At_g8w");
        row("trace a@b --4bf7biU6co4FY2At_g8w -c x", Command::Trace, "a@b --4bf7biU6co4FY2At_g8w");
        row("trace a@b --config x id", Command::Trace, "a@b id");
        row("config", Command::Config, "");
        row("config example.org", Command::Config, "example.org");
        row("--version", Command::Version, "");
        row("-V", Command::Version, "");
        row("serve --version", Command::Version, "");
        row("--help", Command::Help, "");
        row("help", Command::Help, "");
        row("help user", Command::Help, "user");
        row("help user add", Command::Help, "user add");
        row("user add --help", Command::Help, "user add");
        row("user add alice@example.org --help", Command::Help, "user add");
        row("status -h", Command::Help, "status");
    }
    void takes()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, command);
        QFETCH(QByteArray, operands);
        const auto arguments = parse(line);
        QVERIFY2(arguments.ok(), arguments.ok() ? "" : arguments.error().text().c_str());
        QCOMPARE(static_cast<int>(arguments->command), command);
        QByteArrayList given;
        for (const std::string &operand : arguments->operands) {
            given.append(QByteArray::fromStdString(operand));
        }
        QCOMPARE(given.join(' '), operands);
    }

    void takesTheConfigurationAnywhere_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("before") << QByteArray("--config c.toml user list");
        QTest::newRow("behind") << QByteArray("user list --config c.toml");
        QTest::newRow("between") << QByteArray("user --config c.toml list");
        QTest::newRow("with =") << QByteArray("user list --config=c.toml");
        QTest::newRow("brief") << QByteArray("-c c.toml user list");
        QTest::newRow("the last counts") << QByteArray("-c x.toml user list -c c.toml");
    }
    void takesTheConfigurationAnywhere()
    {
        QFETCH(QByteArray, line);
        const auto arguments = parse(line);
        QVERIFY(arguments.ok());
        QCOMPARE(arguments->configFile.value_or(""), std::string("c.toml"));
    }

    void takesOptions()
    {
        const auto removed = parse("user remove a@b --yes");
        QVERIFY(removed.ok() && removed->yes && !removed->replace);
        const auto imported = parse("user import --replace f");
        QVERIFY(imported.ok() && imported->replace && !imported->yes);
        const auto made = parse("init example.org --dir=d");
        QVERIFY(made.ok());
        QCOMPARE(made->folder.value_or(""), std::string("d"));
        const auto added = parse("user add a@b --password-file p");
        QVERIFY(added.ok());
        QCOMPARE(added->passwordFile.value_or(""), std::string("p"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("words"); // the error holds them
        QTest::newRow("nothing") << QByteArray() << QByteArray("a command is needed");
        QTest::newRow("unknown command") << QByteArray("sevre") << QByteArray("did you mean \"serve\"");
        QTest::newRow("nothing like it") << QByteArray("zzzzzzzz") << QByteArray("no command \"zzzzzzzz\";");
        QTest::newRow("half a command") << QByteArray("user") << QByteArray("user add, user passwd");
        QTest::newRow("unknown second word") << QByteArray("user ad") << QByteArray("did you mean \"user add\"");
        QTest::newRow("missing operand") << QByteArray("user add") << QByteArray("needs JID");
        QTest::newRow("one of two operands") << QByteArray("trace a@b") << QByteArray("needs JID ID");
        QTest::newRow("too many operands") << QByteArray("status now") << QByteArray("takes no \"now\"");
        QTest::newRow("unknown option") << QByteArray("status --all") << QByteArray("no option --all");
        QTest::newRow("unknown letter") << QByteArray("status -x") << QByteArray("no option -x");
        QTest::newRow("joined letters") << QByteArray("status -yV") << QByteArray("takes no \"-yV\"");
        QTest::newRow("option of another command") << QByteArray("user add a@b --yes") << QByteArray("takes no --yes");
        QTest::newRow("option without value") << QByteArray("status --config") << QByteArray("--config needs a FILE");
        QTest::newRow("empty value") << QByteArray("status --config=") << QByteArray("--config needs a FILE");
        QTest::newRow("value where none goes") << QByteArray("user remove a@b --yes=1") << QByteArray("no value");
        QTest::newRow("help on nothing") << QByteArray("help me") << QByteArray("no command \"me\"");
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, words);
        const auto arguments = parse(line);
        QVERIFY(!arguments.ok());
        const QByteArray text = QByteArray::fromStdString(arguments.error().text());
        QVERIFY2(text.contains(words), text.constData());
        QVERIFY2(text.contains("godwitd help"), text.constData());
    }

    void helpNamesWhatACommandTakes()
    {
        const auto all = helpText({});
        QVERIFY(all.ok());
        for (const char *command : {"serve", "init DOMAIN", "user import FILE|-", "status", "check", "trace JID ID",
                                    "config", "3 the server is not running"}) {
            QVERIFY2(all->find(command) != std::string::npos, command);
        }
        const auto group = helpText("user");
        QVERIFY(group.ok());
        QVERIFY(group->find("user add JID") != std::string::npos);
        QVERIFY(group->find("trace") == std::string::npos);
        const auto one = helpText("user import");
        QVERIFY(one.ok());
        QVERIFY(one->find("--replace") != std::string::npos);
        QVERIFY(one->find("--config") != std::string::npos);
        QVERIFY(one->find("--yes") == std::string::npos);
        QVERIFY(!helpText("users").ok());
    }
};

GODWIT_TEST(TstArguments);
#include "tst_arguments.moc"
