// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the frames of a WebSocket can have wrong, in the words of a stream.
#pragma once

#include "websocket/Framing.h"
#include "xml/StreamParser.h"

namespace godwit::wire
{

/// Tells the handler of a framing that failed; its close code is the framing's to send.
void reportFraming(websocket::CloseCode failure, xml::StreamHandler &handler);

} // namespace godwit::wire
