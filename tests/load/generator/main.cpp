// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace
{

godwit::load::Outcome run(const godwit::load::Options &options)
{
    using godwit::load::Mode;
    switch (options.mode) {
    case Mode::Hold:
        return godwit::load::runHold(options);
    case Mode::Chat:
        return godwit::load::runChat(options);
    case Mode::Offline:
        return options.cut ? godwit::load::runCut(options) : godwit::load::runOffline(options);
    case Mode::Churn:
        return godwit::load::runChurn(options);
    case Mode::Forward:
        return godwit::load::runForward(options);
    case Mode::Bytes:
        return godwit::load::runBytes(options);
    }
    return godwit::load::Outcome::Usage;
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const godwit::load::Parsed parsed = godwit::load::parse(arguments);
    if (parsed.help) {
        std::fputs(godwit::load::help(arguments).c_str(), stdout);
        return EXIT_SUCCESS;
    }
    if (!parsed.error.empty()) {
        std::fprintf(stderr, "godwit-load: %s\n", parsed.error.c_str());
        return static_cast<int>(godwit::load::Outcome::Usage);
    }
    godwit::load::Loop::catchInterrupts();
    if (!godwit::load::Meter(parsed.options.serverPids).readable()) {
        return static_cast<int>(
            godwit::load::failed("a process of --server-pid is not there, or its /proc files cannot be read"));
    }
    return static_cast<int>(run(parsed.options));
}
