// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "web/ContentPolicy.h"

#include <QTest>

using namespace godwit;

namespace
{

/// The directive of that name, without its name.
std::string directiveOf(const std::string &policy, const std::string &name)
{
    const std::string all = "; " + policy + ';';
    const std::size_t begin = all.find("; " + name + ' ');
    if (begin == std::string::npos) {
        return "none";
    }
    const std::size_t value = begin + name.size() + 3;
    return all.substr(value, all.find(';', value) - value);
}

} // namespace

class TstContentPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allowsNothingFromElsewhere()
    {
        const std::string policy = web::contentSecurityPolicy({});
        QCOMPARE(directiveOf(policy, "default-src"), std::string("'none'"));
        for (const char *name : {"script-src", "font-src", "connect-src", "worker-src"}) {
            QCOMPARE(directiveOf(policy, name), std::string("'self'"));
        }
        QVERIFY(directiveOf(policy, "style-src").starts_with("'self' 'sha256-"));
        QCOMPARE(directiveOf(policy, "frame-ancestors"), std::string("'none'"));
        QCOMPARE(directiveOf(policy, "style-src-attr"), std::string("'unsafe-inline'"));
        QCOMPARE(policy.find("unsafe"), policy.rfind("unsafe"));
        QVERIFY(policy.find('*') == std::string::npos);
    }
    void allowsWhereTheWiresAre()
    {
        const std::string policy = web::contentSecurityPolicy(
            {"wss://chat.example.org:5443/xmpp-websocket", "https://chat.example.org:5443/http-bind"});
        QCOMPARE(directiveOf(policy, "connect-src"),
                 std::string("'self' wss://chat.example.org:5443 https://chat.example.org:5443"));
    }
};

GODWIT_TEST(TstContentPolicy);
#include "tst_contentpolicy.moc"
