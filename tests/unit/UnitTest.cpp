// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include <QFileInfo>
#include <QTest>

#include <cstdio>
#include <map>

// Tests of windows define it; the others need no display.
#if defined(GODWIT_TEST_GUI)
#include <QGuiApplication>
using TestApplication = QGuiApplication;
#else
#include <QCoreApplication>
using TestApplication = QCoreApplication;
#endif

namespace godwit::test
{

namespace
{

std::map<QString, TestFactory> &registry()
{
    static std::map<QString, TestFactory> tests;
    return tests;
}

} // namespace

bool registerTest(const char *file, TestFactory factory)
{
    return registry().emplace(QFileInfo(QString::fromUtf8(file)).completeBaseName(), std::move(factory)).second;
}

} // namespace godwit::test

#if defined(__SANITIZE_THREAD__)
/// The Qt of the distribution is not built with ThreadSanitizer, which therefore sees only half of its synchronisation.
/// The watchdog of QtTest is the one place where that is reported: its condition variable is destroyed after a join
/// that goes through QThread::wait().
extern "C" const char *__tsan_default_suppressions();
extern "C" const char *__tsan_default_suppressions()
{
    return "race:QWaitCondition::~QWaitCondition\n";
}
#endif

int main(int argc, char **argv)
{
    TestApplication app(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    QString wanted;
    if (arguments.size() > 1 && arguments.at(1).startsWith(QLatin1String("tst_"))) {
        wanted = arguments.takeAt(1);
    }
    int failures = 0;
    int run = 0;
    for (const auto &[name, factory] : godwit::test::registry()) {
        if (wanted.isEmpty() || name == wanted) {
            failures += QTest::qExec(factory().get(), arguments);
            ++run;
        }
    }
    if (run == 0) {
        std::fprintf(stderr, "no test is called '%s'\n", qPrintable(wanted));
        return 2;
    }
    return failures == 0 ? 0 : 1;
}
