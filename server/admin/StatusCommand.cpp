// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Commands.h"
#include "admin/Reach.h"
#include "admin/Status.h"

#include <cstdio>

namespace godwit::admin
{

namespace
{

void print(const std::vector<StatusLine> &lines)
{
    for (const StatusLine &line : lines) {
        std::printf("%-20s %s\n", line.name.c_str(), line.value.c_str());
    }
}

} // namespace

Exit statusCommand(const Arguments &arguments)
{
    const auto config = configurationFor(arguments);
    if (!config) {
        return fail(config.error());
    }
    if (auto owner = workAsOwner(*config); !owner) {
        return fail(owner.error());
    }
    auto reached = reach(*config, StoreNeed::Existing);
    if (!reached) {
        if (reached.error().code() != base::ErrorCode::NotFound) {
            return fail(reached.error());
        }
        return fail(base::Error(base::ErrorCode::NotFound, "the server is not running, and " + reached.error().text()),
                    Exit::NotRunning);
    }
    const auto lines = reached->control->status();
    if (!lines) {
        return fail(lines.error());
    }
    if (reached->running()) {
        print({{"state", "running"}});
        print(*lines);
        return Exit::Done;
    }
    print({{"state", "not running"},
           {"version", GODWIT_VERSION},
           {"domain", config->domain},
           {"data folder", config->dataDir}});
    print(*lines);
    print(describeFiles(config->sqlitePath()));
    std::fprintf(stderr, "godwitd: the server is not running; \"godwitd serve\" starts it\n");
    return Exit::NotRunning;
}

} // namespace godwit::admin
