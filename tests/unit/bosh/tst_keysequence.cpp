// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bosh/KeySequence.h"

#include <QTest>

using namespace godwit;

class TstKeySequence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Made with sha1sum: each key is the hash of the next one.
    void takesKeysInOrder()
    {
        const std::string first = "a9993e364706816aba3e25717850c26c9cd0d89d"; // of "abc"
        bosh::KeySequence keys;
        bosh::Body body;
        body.newKey = first;
        keys.begin(body);
        body = {};
        QVERIFY(!keys.accepts(body));
        body.key = "abd";
        QVERIFY(!keys.accepts(body));
        body.key = "abc";
        QVERIFY(keys.accepts(body));
        // The same key a second time is not what was hashed to it.
        QVERIFY(!keys.accepts(body));
    }
    /// XEP-0124 §15.3: compared whatever the case of the letters.
    void takesCapitalLetters()
    {
        bosh::KeySequence keys;
        bosh::Body body;
        body.newKey = "DC99ED0C65114FB7A4EDEC7EC60659B4D76F995E";
        keys.begin(body);
        body = {};
        body.key = "A9993E364706816ABA3E25717850C26C9CD0D89D";
        QVERIFY(keys.accepts(body));
    }
    void changesToAnotherSequence()
    {
        bosh::KeySequence keys;
        bosh::Body body;
        body.newKey = "a9993e364706816aba3e25717850c26c9cd0d89d";
        keys.begin(body);
        body.key = "abc";
        body.newKey = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"; // of the fox and the dog
        QVERIFY(keys.accepts(body));
        body.key = "The quick brown fox jumps over the lazy dog";
        body.newKey.clear();
        QVERIFY(keys.accepts(body));
    }
    void isNotAskedForWithoutKeys()
    {
        bosh::KeySequence keys;
        keys.begin({});
        QVERIFY(keys.accepts({}));
    }
};

GODWIT_TEST(TstKeySequence);
#include "tst_keysequence.moc"
