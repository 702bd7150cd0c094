// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Frames mean the same however their bytes are cut, also when reading stops behind each message; the bounds hold.

#include "FuzzTarget.h"

#include "websocket/Framing.h"

#include <string>
#include <vector>

using namespace godwit::websocket;

namespace
{

constexpr std::size_t messageBytesMax = 300;

class Recorder final : public MessageHandler
{
public:
    Recorder(Framing &framing, bool stops)
        : m_framing(framing)
        , m_stops(stops)
    {
    }
    void onMessage(std::string_view message) override
    {
        GW_ASSERT(message.size() <= messageBytesMax);
        events.emplace_back(message);
        if (m_stops) {
            m_framing.stop();
        }
    }

    std::vector<std::string> events;

private:
    Framing &m_framing;
    bool m_stops;
};

std::vector<std::string> read(std::string_view input, std::size_t pieceBytes, bool stops, bool compressed)
{
    Framing framing(MessageKind::Text, compressed ? std::optional(CompressionTerms{}) : std::nullopt);
    framing.setMessageBytesMax(messageBytesMax);
    Recorder recorder(framing, stops);
    for (std::size_t at = 0; at < input.size(); at += pieceBytes) {
        framing.feed(input.substr(at, pieceBytes), recorder);
        for (std::string rest = framing.takeRest(); !rest.empty(); rest = framing.takeRest()) {
            framing.feed(rest, recorder);
        }
        GW_ASSERT(framing.heldBytes() <= messageBytesMax + 200);
    }
    std::string replies;
    framing.takeReplies(replies);
    recorder.events.push_back(replies);
    recorder.events.push_back(framing.failure() ? std::to_string(static_cast<int>(*framing.failure())) : "");
    return std::move(recorder.events);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input = godwit::fuzz::view(data, size);
    for (const bool compressed : {false, true}) {
        const std::vector<std::string> whole = read(input, size + 1, false, compressed);
        GW_ASSERT(read(input, 1, false, compressed) == whole);
        GW_ASSERT(read(input, 7, false, compressed) == whole);
        GW_ASSERT(read(input, size + 1, true, compressed) == whole);
        GW_ASSERT(read(input, 7, true, compressed) == whole);
    }
    return 0;
}
