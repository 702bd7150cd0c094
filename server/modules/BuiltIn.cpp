// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "modules/Module.h"
#include "modules/Ping.h"

namespace godwit::modules
{

std::vector<std::unique_ptr<Module>> builtInModules()
{
    std::vector<std::unique_ptr<Module>> modules;
    modules.push_back(makePing());
    return modules;
}

} // namespace godwit::modules
