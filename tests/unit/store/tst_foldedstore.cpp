// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "LogConformance.h"
#include "UnitTest.h"

#include "store/sqlite/SqliteEngine.h"

#include <QTemporaryDir>

namespace godwit::test
{

/// The conformance suite on SQLite, folding after every few rows: answers come from index.db and tail mixed.
class TstFoldedStore : public LogConformance
{
    Q_OBJECT
protected:
    std::unique_ptr<store::Engine> makeEngine(const base::Clock &clock) override
    {
        m_folder = std::make_unique<QTemporaryDir>();
        store::SqliteOptions options;
        options.clock = &clock;
        options.reserveBytes = 0;
        options.foldRows = 3;
        return store::openSqlite(m_folder->path().toStdString(), options).value();
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace godwit::test

using godwit::test::TstFoldedStore;
GODWIT_TEST(TstFoldedStore);
#include "tst_foldedstore.moc"
