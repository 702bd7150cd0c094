// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the wires share that have no stream header around all: each element says its namespaces itself.
#pragma once

#include "wire/Wire.h"

namespace godwit::wire
{

/// `<stream:name>` with its prefix declared.
void appendStreamElement(std::string &out, Wire::StreamElement element);

} // namespace godwit::wire
