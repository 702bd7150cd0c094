// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Pictures of every page on the sample account, to be looked at: screenshots FOLDER. Each is taken when what the scene
// is about is shown and nothing moves any more; one that does not come, or is of one colour, or a warning of QML, is a
// failure.

#include "Stage.h"

#include <QAccessible>
#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QSet>
#include <QStyleHints>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace
{

using namespace std::chrono_literals;
using godwit::test::Stage;

/// What is not there by then does not come.
constexpr auto patience = 20s;

/// Whether the window shows what a picture is to be of.
using Shows = std::function<bool(Stage &)>;

struct Step {
    std::function<void(Stage &)> act;
    Shows shows;
};

struct Scene {
    const char *name;
    Stage::Start start;
    Shows begins;
    std::vector<Step> steps;
    /// Before each picture, for what goes away by itself.
    std::function<void(Stage &)> again = {};
};

/// The sheets and menus that are in front of the window.
std::vector<QObject *> popups(Stage &stage)
{
    std::vector<QObject *> found;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        if (item->isVisible() && item->parent() && item->parent()->inherits("QQuickPopup")) {
            found.push_back(item->parent());
        }
    });
    return found;
}

bool isOpen(const QObject *popup)
{
    return popup->property("opened").toBool();
}

/// Whether a list rolls or something still opens.
bool moves(Stage &stage)
{
    bool rolls = false;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        rolls = rolls || (item->inherits("QQuickFlickable") && item->property("moving").toBool());
    });
    return rolls || !std::ranges::all_of(popups(stage), isOpen);
}

/// The picture of what `shows` waits for, once nothing moves and two frames in a row are the same; a null one, if that
/// does not come.
QImage settled(Stage &stage, const Shows &shows)
{
    QImage last;
    const bool came = QTest::qWaitFor(
        [&] {
            if (!shows(stage) || moves(stage)) {
                last = QImage();
                return false;
            }
            const QImage before = std::exchange(last, stage.window()->grabWindow());
            return !before.isNull() && before == last;
        },
        patience);
    return came ? last : QImage();
}

Shows item(const char *type)
{
    return [type](Stage &stage) {
        const QQuickItem *found = stage.find(QString::fromLatin1(type));
        return found && found->isVisible();
    };
}

Shows named(const char *name)
{
    return [name](Stage &stage) { return stage.named(QString::fromLatin1(name)) != nullptr; };
}

/// The messages of the open chat, and among or beside them an item of that type.
Shows messagesWith(const char *type)
{
    return [type](Stage &stage) {
        const QQuickItem *list = stage.find(QStringLiteral("MessageList"));
        return list && list->property("settled").toBool() && item(type)(stage);
    };
}

/// A sheet or menu of that type is open.
Shows opened(const char *type)
{
    return [type](Stage &stage) {
        return std::ranges::any_of(popups(stage), [type](const QObject *popup) {
            return isOpen(popup) && QByteArray(popup->metaObject()->className()).startsWith(type);
        });
    };
}

std::function<void(Stage &)> open(const char *address)
{
    return [address](Stage &stage) { stage.openChat(QString::fromLatin1(address)); };
}

std::function<void(Stage &)> press(const char *name)
{
    return [name](Stage &stage) {
        if (QTest::qWaitFor([&] { return named(name)(stage); }, patience)) {
            QMetaObject::invokeMethod(stage.named(QString::fromLatin1(name)), "click");
        } else {
            std::fprintf(stderr, "nothing is called '%s'\n", name);
        }
    };
}

std::function<void(Stage &)> scroll(int notches)
{
    return [notches](Stage &stage) {
        QQuickItem *list = stage.find(QStringLiteral("MessageList"));
        const QPoint middle = list->mapToScene(list->boundingRect().center()).toPoint();
        QTest::wheelEvent(stage.window(), middle, QPoint(0, 120 * notches));
    };
}

bool failureIsTold(Stage &stage)
{
    bool told = false;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        QAccessibleInterface *interface = item->isVisible() ? QAccessible::queryAccessibleInterface(item) : nullptr;
        told = told || (interface && interface->role() == QAccessible::AlertMessage);
    });
    return told;
}

const std::vector<Scene> &scenes()
{
    static const Shows signIn = item("SignInPage");
    static const Shows chats = item("ChatRow");
    static const std::vector<Scene> all{
        {"sign-in", Stage::Start::SignedOut, signIn, {}},
        {"sign-in-failed",
         Stage::Start::SignedOut,
         signIn,
         {{press("Advanced settings"), named("Hide advanced settings")},
          {[](Stage &stage) { stage.book().signIn(QStringLiteral("nobody"), QStringLiteral("x")); }, failureIsTold}}},
        {"chats", Stage::Start::Sample, chats, {}},
        {"chat", Stage::Start::Sample, chats, {{open("mira@example.org"), messagesWith("MessageRow")}}},
        {"chat-scrolled",
         Stage::Start::Sample,
         chats,
         {{open("mira@example.org"), messagesWith("MessageRow")}, {scroll(12), messagesWith("JumpButton")}},
         scroll(1)},
        {"chat-rtl-text", Stage::Start::Sample, chats, {{open("nour@example.net"), messagesWith("MessageRow")}}},
        {"chat-failed", Stage::Start::Sample, chats, {{open("lars@unreachable.example"), messagesWith("FailedLine")}}},
        {"chat-long",
         Stage::Start::Sample,
         chats,
         {{open("konstantina@example.com"), messagesWith("MessageRow")},
          {press("About Dr. Konstantina-Alexandra Papadopoulou-Weissenberger of the Upper Harbour Office"),
           item("DetailsContent")}}},
        {"chat-stranger", Stage::Start::Sample, chats, {{open("someone@example.net"), messagesWith("StrangerBar")}}},
        {"chat-empty", Stage::Start::Sample, chats, {{open("yuki@example.org"), messagesWith("EmptyState")}}},
        {"contacts", Stage::Start::Sample, chats, {{press("Contacts, 1 request(s)"), item("ContactRow")}}},
        {"add-contact",
         Stage::Start::Sample,
         chats,
         {{press("Contacts, 1 request(s)"), item("ContactRow")}, {press("Add contact"), opened("AddContactSheet")}}},
        {"connection",
         Stage::Start::Sample,
         chats,
         {{press("Account and settings"), opened("AccountMenu")}, {press("Connection"), opened("ConnectionSheet")}}},
        {"menu", Stage::Start::Sample, chats, {{press("Account and settings"), opened("AccountMenu")}}},
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

/// Plays a scene up to its end; what the last step shows, or nothing when something else did not come.
Shows play(const Scene &scene, Stage &stage)
{
    Shows shows = scene.begins;
    for (const Step &step : scene.steps) {
        if (settled(stage, shows).isNull()) {
            return {};
        }
        step.act(stage);
        shows = step.shows;
    }
    return shows;
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
    Shows shows;
    for (const auto &[sizeName, size] : sizes) {
        stage.resize(size);
        QTest::mouseMove(stage.window(), QPoint(size.width() / 2, 1));
        shows = shows ? shows : play(scene, stage);
        if (!shows) {
            std::fprintf(stderr, "%s: a step does not show what it should\n", qPrintable(prefix));
            return 1;
        }
        for (const auto &[schemeName, scheme] : {std::pair("light", Scheme::Light), std::pair("dark", Scheme::Dark)}) {
            stage.appearance()->setScheme(scheme);
            if (scene.again) {
                scene.again(stage);
            }
            const QString file = QStringLiteral("%1-%2-%3.png")
                                     .arg(prefix, QString::fromLatin1(sizeName), QString::fromLatin1(schemeName));
            const QImage image = settled(stage, shows);
            if (!isPicture(image) || !image.save(file)) {
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
    // A cursor that blinks is never twice the same.
    QGuiApplication::styleHints()->setCursorFlashTime(0);
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
