// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "modules/BuiltIn.h"

namespace godwit::modules
{

std::vector<std::unique_ptr<Module>> allModules(std::vector<std::unique_ptr<Module>> plugins)
{
    std::vector<std::unique_ptr<Module>> modules;
    modules.push_back(makeArchive());
    modules.push_back(makeBlocking());
    modules.push_back(makeCarbons());
    modules.push_back(makePing());
    modules.push_back(makeTime());
    modules.push_back(makeTimeline());
    modules.push_back(makeVersion());
    for (std::unique_ptr<Module> &plugin : plugins) {
        modules.push_back(std::move(plugin));
    }
    modules.push_back(makeDisco());
    return modules;
}

} // namespace godwit::modules
