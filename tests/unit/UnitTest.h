// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The frame around the unit tests of a room: each test file registers its class, and the room's program runs the one
// that is named on the command line ("tst_jid"), or all of them.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace godwit::test
{

using TestFactory = std::function<std::unique_ptr<QObject>()>;

/// Registers a test class under the name of its file, "tst_jid" for tst_jid.cpp. Called before main() only.
bool registerTest(const char *file, TestFactory factory);

} // namespace godwit::test

#define GODWIT_TEST(Class)                                                                                             \
    static const bool godwitRegistered##Class =                                                                        \
        godwit::test::registerTest(__FILE__, [] { return std::unique_ptr<QObject>(std::make_unique<Class>()); })
