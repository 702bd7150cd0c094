// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// One function a mode. Each runs to its end, prints its report to stdout and returns the exit status.
#pragma once

#include "Common.h"

namespace godwit::load
{

/// Opens sessions in steps and holds them: login rate and cost, memory per idle session.
[[nodiscard]] Outcome runHold(const Options &options);

/// Pairs of a sender and a receiver that are both there.
[[nodiscard]] Outcome runChat(const Options &options);

/// Messages to users who are away, then the drain.
[[nodiscard]] Outcome runOffline(const Options &options);

/// Receivers that hang, are torn with unread messages and return as new sessions.
[[nodiscard]] Outcome runCut(const Options &options);

/// Sessions that come, talk, are torn, resume and go.
[[nodiscard]] Outcome runChurn(const Options &options);

/// Bytes copied between two clients by a server that does nothing else: what the machine itself costs.
[[nodiscard]] Outcome runForward(const Options &options);

/// The same ten minutes of a phone's conversation over every wire: bytes at the socket, and what the codecs cost.
[[nodiscard]] Outcome runBytes(const Options &options);

} // namespace godwit::load
