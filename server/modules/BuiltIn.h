// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The makers of the modules that are built in; each is in the file of its name.
#pragma once

#include "modules/Module.h"

namespace godwit::modules
{

std::unique_ptr<Module> makeArchive();
std::unique_ptr<Module> makeBlocking();
std::unique_ptr<Module> makeCarbons();
/// Starts last: it tells what the others added.
std::unique_ptr<Module> makeDisco();
std::unique_ptr<Module> makePing();
std::unique_ptr<Module> makeTime();
std::unique_ptr<Module> makeTimeline();
std::unique_ptr<Module> makeVersion();

} // namespace godwit::modules
