// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "LogConformance.h"
#include "UnitTest.h"

#include "store/sqlite/SqliteEngine.h"

#include <QTemporaryDir>

namespace godwit::test
{

/// The conformance suite on SQLite, with an index that is hardly ever folded: answers come from the tail.
class TstSqliteStore : public LogConformance
{
    Q_OBJECT
protected:
    std::unique_ptr<store::Engine> makeEngine(const base::Clock &clock) override
    {
        m_folder = std::make_unique<QTemporaryDir>();
        store::SqliteOptions options;
        options.clock = &clock;
        options.reserveBytes = 0;
        return store::openSqlite(m_folder->path().toStdString(), options).value();
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace godwit::test

using godwit::test::TstSqliteStore;
GODWIT_TEST(TstSqliteStore);
#include "tst_sqlitestore.moc"
