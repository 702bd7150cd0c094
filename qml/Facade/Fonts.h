// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

namespace godwit::facade
{

/// The system's interface font, with a colour emoji font asked before any other that happens to have the character.
/// Called once there is a QGuiApplication.
void chooseFonts();

} // namespace godwit::facade
