// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "plugins/PluginFolder.h"

#include "UnitTest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace godwit;

class TstPluginFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exampleIsLoaded()
    {
        auto folder = plugins::PluginFolder::load(GODWIT_EXAMPLE_PLUGINS);
        QVERIFY2(folder.ok(), folder.ok() ? "" : folder.error().text().c_str());
        QCOMPARE((*folder)->size(), std::size_t(1));
        const auto modules = (*folder)->makeModules();
        QCOMPARE(modules.size(), std::size_t(1));
        QCOMPARE(modules.front()->info().name, std::string_view("greeting"));
    }

    void eachShardGetsItsOwnModule()
    {
        auto folder = plugins::PluginFolder::load(GODWIT_EXAMPLE_PLUGINS);
        QVERIFY(folder.ok());
        QVERIFY((*folder)->makeModules().front().get() != (*folder)->makeModules().front().get());
    }

    void missingFolderIsAnError()
    {
        const auto folder = plugins::PluginFolder::load("/nowhere/at/all");
        QVERIFY(!folder.ok());
        QCOMPARE(folder.error().code(), base::ErrorCode::NotFound);
    }

    void aLibraryThatIsNoPluginIsAnError()
    {
        const QTemporaryDir temporary;
        QFile library(temporary.filePath(QStringLiteral("broken.so")));
        QVERIFY(library.open(QIODevice::WriteOnly));
        library.write("this is no library");
        library.close();
        const auto folder = plugins::PluginFolder::load(temporary.path().toStdString());
        QVERIFY(!folder.ok());
        QCOMPARE(folder.error().code(), base::ErrorCode::InvalidInput);
        QVERIFY(folder.error().text().find("broken.so") != std::string::npos);
    }

    void otherFilesAreLeftAlone()
    {
        const QTemporaryDir temporary;
        QFile note(temporary.filePath(QStringLiteral("README")));
        QVERIFY(note.open(QIODevice::WriteOnly));
        note.close();
        const auto folder = plugins::PluginFolder::load(temporary.path().toStdString());
        QVERIFY(folder.ok());
        QCOMPARE((*folder)->size(), std::size_t(0));
    }
};

GODWIT_TEST(TstPluginFolder);
#include "tst_plugin_folder.moc"
