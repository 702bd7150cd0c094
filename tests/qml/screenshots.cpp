// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Pictures of every page on the sample account, to be looked at: screenshots FOLDER. A picture that is of one colour,
// or a warning of QML, is a failure.

#include "Stage.h"

#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QSet>
#include <QTest>

#include <cstdio>
#include <utility>

namespace
{

using godwit::test::Stage;

struct Scene {
    const char *name;
    Stage::Start start;
    std::function<void(Stage &)> play;
};

void settle()
{
    // Rows are laid out, transitions have ended, and the sample's answers have come.
    QTest::qWait(600);
}

void press(Stage &stage, const char *name)
{
    if (QQuickItem *item = stage.named(QString::fromLatin1(name))) {
        QMetaObject::invokeMethod(item, "click");
    } else {
        std::fprintf(stderr, "nothing is called '%s'\n", name);
    }
}

void scroll(Stage &stage, int rows)
{
    QQuickItem *list = stage.find(QStringLiteral("MessageList"));
    const QPoint middle = list->mapToScene(list->boundingRect().center()).toPoint();
    for (int at = 0; at < rows; ++at) {
        QTest::wheelEvent(stage.window(), middle, QPoint(0, 120));
        QTest::qWait(20);
    }
}

const std::vector<Scene> &scenes()
{
    static const std::vector<Scene> all{
        {"sign-in", Stage::Start::SignedOut, [](Stage &) {}},
        {"sign-in-failed", Stage::Start::SignedOut,
         [](Stage &stage) {
             press(stage, "Advanced settings");
             stage.book().signIn(QStringLiteral("nobody"), QStringLiteral("x"));
         }},
        {"chats", Stage::Start::Sample, [](Stage &) {}},
        {"chat", Stage::Start::Sample, [](Stage &stage) { stage.openChat(QStringLiteral("mira@example.org")); }},
        {"chat-scrolled", Stage::Start::Sample,
         [](Stage &stage) {
             stage.openChat(QStringLiteral("mira@example.org"));
             settle();
             scroll(stage, 12);
         }},
        {"chat-rtl-text", Stage::Start::Sample,
         [](Stage &stage) { stage.openChat(QStringLiteral("nour@example.net")); }},
        {"chat-failed", Stage::Start::Sample,
         [](Stage &stage) { stage.openChat(QStringLiteral("lars@unreachable.example")); }},
        {"chat-long", Stage::Start::Sample,
         [](Stage &stage) {
             stage.openChat(QStringLiteral("konstantina@example.com"));
             settle();
             press(stage, "About Dr. Konstantina-Alexandra Papadopoulou-Weissenberger of the Upper Harbour Office");
         }},
        {"chat-stranger", Stage::Start::Sample,
         [](Stage &stage) { stage.openChat(QStringLiteral("someone@example.net")); }},
        {"chat-empty", Stage::Start::Sample, [](Stage &stage) { stage.openChat(QStringLiteral("yuki@example.org")); }},
        {"contacts", Stage::Start::Sample, [](Stage &stage) { press(stage, "Contacts, 1 request(s)"); }},
        {"add-contact", Stage::Start::Sample,
         [](Stage &stage) {
             press(stage, "Contacts, 1 request(s)");
             settle();
             press(stage, "Add contact");
         }},
        {"menu", Stage::Start::Sample, [](Stage &stage) { press(stage, "Account and settings"); }},
    };
    return all;
}

bool isPicture(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 7) {
        for (int x = 0; x < image.width(); x += 7) {
            colours.insert(image.pixel(x, y));
        }
    }
    return colours.size() > 4;
}

/// One window a scene, resized and repainted for each picture.
int shoot(const Scene &scene, const QString &prefix)
{
    using Scheme = godwit::facade::Appearance::Scheme;
    Stage stage(scene.start);
    if (!stage.window()) {
        std::fprintf(stderr, "the window cannot be made\n");
        return 1;
    }
    const std::pair<const char *, QSize> sizes[] = {
        {"desktop", {1280, 800}}, {"narrow", {900, 700}}, {"phone", {360, 720}}};
    int failures = 0;
    bool played = false;
    for (const auto &[sizeName, size] : sizes) {
        stage.resize(size);
        QTest::mouseMove(stage.window(), QPoint(size.width() / 2, 1));
        settle();
        if (!std::exchange(played, true)) {
            scene.play(stage);
            settle();
        }
        for (const auto &[schemeName, scheme] : {std::pair("light", Scheme::Light), std::pair("dark", Scheme::Dark)}) {
            stage.appearance()->setScheme(scheme);
            const QString file = QStringLiteral("%1-%2-%3.png")
                                     .arg(prefix, QString::fromLatin1(sizeName), QString::fromLatin1(schemeName));
            const QImage image = stage.window()->grabWindow();
            if (!image.save(file) || !isPicture(image)) {
                std::fprintf(stderr, "%s: no picture\n", qPrintable(file));
                ++failures;
            }
        }
    }
    for (const QString &warning : stage.warnings()) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(prefix), qPrintable(warning));
    }
    return failures + static_cast<int>(stage.warnings().size());
}

} // namespace

int main(int argc, char **argv)
{
    godwit::test::prepareEnvironment();
    const QGuiApplication application(argc, argv);
    const QStringList arguments = QGuiApplication::arguments();
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: screenshots FOLDER [SCENE]\n");
        return 2;
    }
    const QString wanted = arguments.value(2);
    QDir().mkpath(arguments.at(1));
    int failures = 0;
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        const bool mirrored = direction == Qt::RightToLeft;
        QGuiApplication::setLayoutDirection(direction);
        for (const Scene &scene : scenes()) {
            const QString name = QString::fromLatin1(scene.name);
            // Mirrored, the pages with the most in them are enough.
            const bool telling = name == u"chat" || name == u"contacts" || name == u"chat-rtl-text";
            if ((wanted.isEmpty() || name == wanted) && (!mirrored || telling)) {
                failures +=
                    shoot(scene, QStringLiteral("%1/%2%3").arg(
                                     arguments.at(1), mirrored ? QStringLiteral("mirrored-") : QString(), name));
            }
        }
    }
    return failures == 0 ? 0 : 1;
}
