// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Requests mean the same however their bytes are cut; the bounds hold; nothing is read behind a failure.

#include "FuzzTarget.h"

#include "http/RequestParser.h"

#include <string>
#include <vector>

using namespace godwit::http;

namespace
{

constexpr RequestLimits limits{100, 1'000, 10, 500};

std::vector<std::string> read(std::string_view input, std::size_t pieceBytes)
{
    std::vector<std::string> events;
    RequestParser parser(limits);
    while (!input.empty()) {
        std::string_view piece = input.substr(0, pieceBytes);
        const std::size_t offered = piece.size();
        RequestParser::Outcome outcome = parser.feed(piece);
        if (outcome == RequestParser::Outcome::Head) {
            outcome = parser.feed(piece);
        }
        input.remove_prefix(offered - piece.size());
        if (outcome == RequestParser::Outcome::Complete) {
            const Request request = parser.takeRequest();
            GW_ASSERT(request.fields.size() <= limits.fieldsMax && request.body.size() <= limits.bodyBytesMax);
            GW_ASSERT(!request.path.empty() && request.path.size() <= limits.targetBytesMax);
            std::string event = request.path + '?' + request.query + ' ' + request.body;
            for (const Field &field : request.fields) {
                GW_ASSERT(field.value.find_first_of("\r\n") == std::string::npos);
                event += '\n' + field.name + ':' + field.value;
            }
            events.push_back(std::move(event));
        } else if (outcome == RequestParser::Outcome::Failed) {
            // Which of two faults is found first may depend on the cut.
            events.emplace_back("failed");
            std::string_view more = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
            GW_ASSERT(parser.feed(more) == RequestParser::Outcome::Failed);
            return events;
        }
    }
    return events;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input = godwit::fuzz::view(data, size);
    const std::vector<std::string> whole = read(input, size + 1);
    GW_ASSERT(read(input, 1) == whole);
    GW_ASSERT(read(input, 7) == whole);
    return 0;
}
