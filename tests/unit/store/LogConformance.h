// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What every LogStore does, whatever is behind it. A test class per store derives from this and says how to make one.
#pragma once

#include "StoreHarness.h"

#include <QObject>

#include <atomic>
#include <memory>

namespace godwit::test
{

/// A clock that the test moves, readable from the store's threads.
class SharedClock final : public base::Clock
{
public:
    base::Instant now() const override { return base::Instant(base::Duration(m_micros.load())); }
    base::WallTime wall() const override { return base::WallTime(base::Duration(m_micros.load())); }
    void advance(base::Duration step) { m_micros += step.count(); }

private:
    std::atomic<std::int64_t> m_micros{1'700'000'000'000'000};
};

class LogConformance : public QObject
{
    Q_OBJECT
protected:
    virtual std::unique_ptr<store::Engine> makeEngine(const base::Clock &clock) = 0;

private Q_SLOTS:
    void init();
    void cleanup();

    void answersAppendsInOrder();
    void refusesARowWithoutStanza();
    void timeNeverFalls();
    void readsTheLogOfBothParties();
    void readsRowsInTheOrderAsked();
    void rule2_onlyPendingRowsArePending();
    void rule12_aProofCoversItsRange_data();
    void rule12_aProofCoversItsRange();
    void aProofCoversNothingThatComesLater();
    void pagesByLimitAndBytes();
    void rule7_givesTheLastKeysOfASender();
    void messageToOneself();
    void rule12_devicePositions();
    void rule17_traceTellsWhoHasIt();
    void rule3_dropPendingOfABlockedPeer();
    void aNewAccountDoesNotSeeTheOldOnesRows();
    void twoShardsShareOneLog();
    void anObserverGetsTheSameAnswer();
    void closedStoreAnswersUnavailable();
    void randomHistoryAgainstTheModel();

protected:
    SharedClock m_clock;
    std::unique_ptr<store::Engine> m_engine;
    std::unique_ptr<Shard> m_shard;
};

} // namespace godwit::test
