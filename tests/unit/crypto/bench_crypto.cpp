// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Prints what password hashing and stanza-ids cost on this machine; the README of server/crypto has the figures that
// the default iteration count was chosen by. Not a test.
#include "crypto/HashingPool.h"
#include "crypto/StanzaIdCipher.h"

#include <chrono>
#include <cstdio>
#include <future>
#include <string>

using namespace godwit;

namespace
{

using Seconds = std::chrono::duration<double>;

template <class F>
double secondsOf(F &&work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return Seconds(std::chrono::steady_clock::now() - begin).count();
}

void hashOneByOne(crypto::Hash hash, std::uint32_t iterations)
{
    constexpr int rounds = 100;
    const crypto::Password password = crypto::Password::prepare("correct horse").value();
    const crypto::ScramRecipe recipe{hash, iterations, std::string(crypto::scramSaltBytes, 's')};
    const double seconds = secondsOf([&] {
        for (int i = 0; i < rounds; ++i) {
            static_cast<void>(crypto::makeScramKeys(password, recipe));
        }
    });
    std::printf("%-8.*s %6u iterations: %7.0f/s on one core, %.3f ms\n",
                static_cast<int>(crypto::hashName(hash).size()), crypto::hashName(hash).data(), iterations,
                rounds / seconds, 1000 * seconds / rounds);
}

void importUsers(std::uint32_t iterations)
{
    constexpr int users = 400;
    base::SystemRandom random;
    crypto::HashingPool pool({});
    const crypto::Hash hashes[] = {crypto::Hash::Sha1, crypto::Hash::Sha256, crypto::Hash::Sha512};
    const double seconds = secondsOf([&] {
        std::vector<std::promise<void>> done(users);
        for (std::promise<void> &promise : done) {
            pool.derive(
                crypto::Password::prepare("correct horse").value(), crypto::makeRecipes(hashes, iterations, random),
                [](auto work) { work(); }, [&promise](auto) { promise.set_value(); });
        }
        for (std::promise<void> &promise : done) {
            promise.get_future().wait();
        }
    });
    std::printf("users with three hashes, %u iterations, %u threads: %.0f/s\n", iterations, pool.threads(),
                users / seconds);
}

void stanzaIds()
{
    constexpr std::uint64_t rounds = 1'000'000;
    crypto::StanzaIdKey key{};
    const crypto::StanzaIdCipher ids(key);
    std::size_t bytes = 0;
    const double seconds = secondsOf([&] {
        for (std::uint64_t i = 0; i < rounds; ++i) {
            bytes += ids.encode("romeo@example.com", ledger::Seq(i)).size();
        }
    });
    std::printf("stanza-id: %.0f ns (%zu bytes)\n", 1e9 * seconds / rounds, bytes);
}

} // namespace

int main()
{
    for (std::uint32_t iterations : {4'096U, 10'000U}) {
        for (crypto::Hash hash : {crypto::Hash::Sha1, crypto::Hash::Sha256, crypto::Hash::Sha512}) {
            hashOneByOne(hash, iterations);
        }
        importUsers(iterations);
    }
    stanzaIds();
    return 0;
}
