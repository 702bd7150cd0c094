// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "modules/Module.h"

namespace godwit::modules
{

/// Answers `<prefs/>` get and set (XEP-0441); what an account wants is kept with its other values.
void answerPreferences(Services &services, const IqRequest &request, IqReply reply);

} // namespace godwit::modules
