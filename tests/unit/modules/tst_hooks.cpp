// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "modules/Hooks.h"

#include <QTest>

using namespace godwit;
using namespace godwit::modules;

class TstHooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAccountIsLoadedWhenEveryLoaderIsDone()
    {
        Hooks hooks;
        std::vector<Hooks::LoadDone> waiting;
        for (int i = 0; i < 2; ++i) {
            hooks.onAccountNeeded(
                [&waiting](const std::string &, Hooks::LoadDone done) { waiting.push_back(std::move(done)); });
        }
        std::vector<base::Result<base::Ok>> outcome;
        hooks.loadAccount("a@x", [&outcome](base::Result<base::Ok> loaded) { outcome.push_back(std::move(loaded)); });
        waiting[1](base::Ok{});
        QVERIFY(outcome.empty());
        waiting[0](base::Ok{});
        QCOMPARE(outcome.size(), std::size_t{1});
        QVERIFY(outcome[0].ok());
    }

    void theFirstFailureIsTold()
    {
        Hooks hooks;
        for (const base::ErrorCode code : {base::ErrorCode::Unavailable, base::ErrorCode::Io}) {
            hooks.onAccountNeeded(
                [code](const std::string &, const Hooks::LoadDone &done) { done(base::Error(code, "no")); });
        }
        hooks.onAccountNeeded([](const std::string &, const Hooks::LoadDone &done) { done(base::Ok{}); });
        std::optional<base::ErrorCode> code;
        hooks.loadAccount("a@x", [&code](const base::Result<base::Ok> &loaded) { code = loaded.error().code(); });
        QVERIFY(code == base::ErrorCode::Unavailable);
    }

    void withoutLoadersItIsLoadedAtOnce()
    {
        bool loaded = false;
        Hooks().loadAccount("a@x", [&loaded](const base::Result<base::Ok> &outcome) { loaded = outcome.ok(); });
        QVERIFY(loaded);
    }

    void theFirstThatDecidesDecidesForAll()
    {
        Hooks hooks;
        int asked = 0;
        hooks.onIncoming([&asked](Passage &) {
            ++asked;
            return Verdict::Handled;
        });
        hooks.onIncoming([&asked](Passage &) {
            ++asked;
            return Verdict::Refuse;
        });
        const base::Result<xml::Stanza> stanza = xml::parseStanza("<presence from='b@x'></presence>");
        const std::string account = "a@x";
        Passage passage{*stanza, account, stanza->from, std::nullopt};
        QVERIFY(hooks.dispatchIncoming(passage) == Verdict::Handled);
        QCOMPARE(asked, 1);
        QVERIFY(hooks.dispatchOutgoing(passage) == Verdict::Continue);
    }
};

GODWIT_TEST(TstHooks);
#include "tst_hooks.moc"
