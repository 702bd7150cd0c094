// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Checks.h"
#include "admin/Commands.h"
#include "admin/Reach.h"
#include "admin/SocketControl.h"

#include <algorithm>
#include <cstdio>

namespace godwit::admin
{

namespace
{

const char *nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Warn:
        return "warn";
    case Verdict::Fail:
        return "fail";
    case Verdict::Note:
        break;
    }
    return "note";
}

void print(const Findings &findings)
{
    for (const Finding &finding : findings) {
        std::printf("%-4s  %-13s %s\n", nameOf(finding.verdict), finding.subject.c_str(), finding.words.c_str());
    }
}

Finding describeFile(const config::Config &config)
{
    if (config.file.empty()) {
        return {Verdict::Warn, "configuration",
                "there is none, the defaults are used: \"godwitd init DOMAIN\" makes one, --config FILE names one"};
    }
    return {Verdict::Ok, "configuration", config.file + ", domain " + config.domain};
}

Findings askServer(const config::Config &config, std::vector<StatusLine> &status, bool &running)
{
    auto socket = SocketControl::connect(config.dataPath(config.admin.socket));
    if (!socket) {
        const bool nobody = socket.error().code() == base::ErrorCode::NotFound;
        return {{nobody ? Verdict::Note : Verdict::Warn, "server", nobody ? "not running" : socket.error().text()}};
    }
    running = true;
    auto lines = (*socket)->status();
    if (!lines) {
        return {{Verdict::Fail, "server", lines.error().text()}};
    }
    status = std::move(*lines);
    return {{Verdict::Ok, "server", "running"}};
}

} // namespace

Exit checkCommand(const Arguments &arguments)
{
    const auto config = configurationFor(arguments);
    if (!config) {
        print({{Verdict::Fail, "configuration", config.error().text()}});
        return Exit::Failed;
    }
    if (auto owner = workAsOwner(*config); !owner) {
        return fail(owner.error());
    }
    Findings all{describeFile(*config)};
    const auto add = [&all](Findings &&some) { std::ranges::move(some, std::back_inserter(all)); };
    std::vector<StatusLine> status;
    bool running = false;
    add(askServer(*config, status, running));
    add(checkCertificate(*config, std::chrono::system_clock::now()));
    add(checkFolder(*config));
    add(checkDisk(*config));
    add(checkStore(*config, running));
    add(checkPorts(*config, status));
    add(checkDescriptors());
    add(adviseDns(*config));
    print(all);
    const bool failed = std::ranges::any_of(all, [](const Finding &one) { return one.verdict == Verdict::Fail; });
    return failed ? Exit::Failed : Exit::Done;
}

} // namespace godwit::admin
