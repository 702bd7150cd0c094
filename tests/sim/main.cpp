// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// sim --seeds A..B [--jobs N] [--complete]: runs a schedule for each seed and names those that break a rule; with
// --complete it fails when a kind of event never happened.
// sim --seed N [--commit H] [--trace]: runs one, with its story. H is where the seed was seen to fail.
// sim --regressions FILE: the seeds that once found something.
#include "Commit.h"
#include "Runner.h"
#include "World.h"
#include "base/Log.h"
#include "base/Number.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace
{

using namespace godwit;

constexpr const char *usage = "usage: sim --seeds A..B [--jobs N] [--stop-at-first] [--complete]\n"
                              "       sim --seed N [--commit H] [--trace]\n"
                              "       sim --regressions FILE\n";

bool readInto(std::uint64_t &number, std::string_view text)
{
    const auto read = base::readNumber<std::uint64_t>(text);
    number = read.value_or(number);
    return read.has_value();
}

int runOne(std::uint64_t seed, bool trace)
{
    sim::World world(seed, trace);
    const sim::Outcome outcome = world.run();
    for (const std::string &line : outcome.lines) {
        std::cout << line << '\n';
    }
    std::cout << (outcome.ok ? "ok   sim --seed " : "FAIL sim --seed ") << seed << " --commit " << sim::commit << "  "
              << outcome.failure << " (" << outcome.summary << ")\n";
    return outcome.ok ? 0 : 1;
}

/// Each line: a seed, then words that say what it found.
bool readRegressions(const std::string &path, std::vector<std::uint64_t> &seeds)
{
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::uint64_t seed = 0;
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (!readInto(seed, std::string_view(line).substr(0, line.find(' ')))) {
            return false;
        }
        seeds.push_back(seed);
    }
    return file.eof();
}

struct Arguments {
    std::vector<std::uint64_t> seeds;
    std::uint64_t jobs = std::max(1U, std::thread::hardware_concurrency());
    std::string commit; ///< where the seed was found
    bool one = false;
    bool trace = false;
    sim::Runner::Until until = sim::Runner::Until::TheEnd;
    sim::Runner::Demand demand = sim::Runner::Demand::Nothing;
};

bool readRange(std::string_view text, std::vector<std::uint64_t> &seeds)
{
    const std::size_t dots = text.find("..");
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (dots == std::string_view::npos || !readInto(first, text.substr(0, dots)) ||
        !readInto(last, text.substr(dots + 2)) || last < first) {
        return false;
    }
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        seeds.push_back(seed);
    }
    return true;
}

bool readArguments(int count, char **values, Arguments &arguments)
{
    for (int i = 1; i < count; ++i) {
        const std::string_view name = values[i];
        if (name == "--trace") {
            arguments.trace = true;
            continue;
        }
        if (name == "--stop-at-first") {
            arguments.until = sim::Runner::Until::FirstFailure;
            continue;
        }
        if (name == "--complete") {
            arguments.demand = sim::Runner::Demand::EveryEvent;
            continue;
        }
        if (++i >= count) {
            return false;
        }
        std::uint64_t seed = 0;
        if (name == "--seed" && readInto(seed, values[i])) {
            arguments.seeds.push_back(seed);
            arguments.one = true;
        } else if (name == "--commit") {
            arguments.commit = values[i];
        } else if (!(name == "--seeds" && readRange(values[i], arguments.seeds)) &&
                   !(name == "--jobs" && readInto(arguments.jobs, values[i]) && arguments.jobs > 0) &&
                   !(name == "--regressions" && readRegressions(values[i], arguments.seeds))) {
            return false;
        }
    }
    return !arguments.seeds.empty();
}

} // namespace

int main(int count, char **values)
{
    Arguments arguments;
    if (!readArguments(count, values, arguments)) {
        std::fputs(usage, stderr);
        return 2;
    }
    base::setLogLevel(arguments.trace ? base::LogLevel::Info : base::LogLevel::Error);
    if (!arguments.commit.empty() && arguments.commit != sim::commit) {
        std::cerr << "this is " << sim::commit << "; the seed was found in " << arguments.commit << '\n';
    }
    if (arguments.one) {
        return runOne(arguments.seeds.front(), arguments.trace);
    }
    sim::Runner runner(std::move(arguments.seeds), static_cast<unsigned>(arguments.jobs), arguments.until,
                       arguments.demand);
    return runner.run();
}
