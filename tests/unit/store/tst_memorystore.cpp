// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "LogConformance.h"
#include "UnitTest.h"

#include "store/memory/MemoryEngine.h"

namespace godwit::test
{

class TstMemoryStore : public LogConformance
{
    Q_OBJECT
protected:
    std::unique_ptr<store::Engine> makeEngine(const base::Clock &clock) override
    {
        return std::make_unique<store::MemoryEngine>(&clock);
    }
};

} // namespace godwit::test

using godwit::test::TstMemoryStore;
GODWIT_TEST(TstMemoryStore);
#include "tst_memorystore.moc"
