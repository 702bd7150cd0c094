// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "modules/Module.h"

namespace godwit::modules
{

std::unique_ptr<Module> makePing();

} // namespace godwit::modules
