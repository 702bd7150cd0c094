// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "http/RequestParser.h"

#include "base/Assert.h"

#include <llhttp.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace godwit::http
{

namespace
{

Method methodOf(std::uint8_t method)
{
    switch (method) {
    case HTTP_GET:
        return Method::Get;
    case HTTP_HEAD:
        return Method::Head;
    case HTTP_POST:
        return Method::Post;
    case HTTP_PUT:
        return Method::Put;
    case HTTP_OPTIONS:
        return Method::Options;
    default:
        return Method::Other;
    }
}

/// Enough to see whether it is a method.
constexpr std::size_t beginningBytes = 24;

/// RFC 9110 §7.2: a host with or without a port, or nothing; what could be one, letter by letter.
bool mayBeHost(std::string_view text)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                         "-._~!$&'()*+,;=%[]:";
    return text.find_first_not_of(letters) == std::string_view::npos;
}

/// A token and a space, as far as they are here: what somebody's method may look like (RFC 9110 §9.1).
bool looksLikeMethod(std::string_view bytes)
{
    const std::string_view word = bytes.substr(0, bytes.find(' '));
    return !word.empty() && word.size() < beginningBytes &&
           std::ranges::all_of(word, [](char letter) { return (letter >= 'A' && letter <= 'Z') || letter == '-'; });
}

} // namespace

struct RequestParser::State {
    enum class Phase : std::uint8_t { Head, Body, Complete, Failed };

    explicit State(const RequestLimits &bounds)
        : limits(bounds)
    {
        llhttp_init(&parser, HTTP_REQUEST, settings());
        parser.data = this;
    }

    static const llhttp_settings_t *settings();
    static State &of(llhttp_t *parser) { return *static_cast<State *>(parser->data); }
    static int onTarget(llhttp_t *parser, const char *at, std::size_t size);
    static int onFieldName(llhttp_t *parser, const char *at, std::size_t size);
    static int onFieldValue(llhttp_t *parser, const char *at, std::size_t size);
    static int onFieldEnd(llhttp_t *parser);
    static int onExtension(llhttp_t *parser, const char *at, std::size_t size);
    static int onHead(llhttp_t *parser);
    static int onBody(llhttp_t *parser, const char *at, std::size_t size);
    static int onComplete(llhttp_t *parser);

    int refuse(Status status)
    {
        failed = status;
        refused = true;
        return HPE_USER;
    }
    bool takes(std::size_t size)
    {
        headerBytes += size;
        return headerBytes <= limits.headerBytesMax;
    }
    bool readTarget();
    bool checkHead();
    Outcome fail(Status status);
    Outcome judge(llhttp_errno_t error);
    void restart();

    const RequestLimits &limits;
    llhttp_t parser{};
    Request request;
    std::string target;
    Field field;
    std::size_t headerBytes = 0;
    Status failed = Status::BadRequest;
    std::string beginning; ///< the first bytes of the head
    Phase phase = Phase::Head;
    bool started = false;
    bool refused = false; ///< `failed` says why
};

const llhttp_settings_t *RequestParser::State::settings()
{
    static const llhttp_settings_t made = [] {
        llhttp_settings_t fresh;
        llhttp_settings_init(&fresh);
        fresh.on_url = &State::onTarget;
        fresh.on_header_field = &State::onFieldName;
        fresh.on_header_value = &State::onFieldValue;
        fresh.on_header_value_complete = &State::onFieldEnd;
        fresh.on_chunk_extension_name = &State::onExtension;
        fresh.on_chunk_extension_value = &State::onExtension;
        fresh.on_headers_complete = &State::onHead;
        fresh.on_body = &State::onBody;
        fresh.on_message_complete = &State::onComplete;
        return fresh;
    }();
    return &made;
}

int RequestParser::State::onTarget(llhttp_t *parser, const char *at, std::size_t size)
{
    State &state = of(parser);
    if (state.target.size() + size > state.limits.targetBytesMax) {
        return state.refuse(Status::UriTooLong);
    }
    state.target.append(at, size);
    return HPE_OK;
}

int RequestParser::State::onFieldName(llhttp_t *parser, const char *at, std::size_t size)
{
    State &state = of(parser);
    if (state.phase == Phase::Body && !state.takes(size)) {
        return state.refuse(Status::HeaderFieldsTooLarge);
    }
    std::transform(at, at + size, std::back_inserter(state.field.name), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return HPE_OK;
}

int RequestParser::State::onFieldValue(llhttp_t *parser, const char *at, std::size_t size)
{
    State &state = of(parser);
    if (state.phase == Phase::Body && !state.takes(size)) {
        return state.refuse(Status::HeaderFieldsTooLarge);
    }
    state.field.value.append(at, size);
    return HPE_OK;
}

int RequestParser::State::onFieldEnd(llhttp_t *parser)
{
    State &state = of(parser);
    // A line that goes on in the next one (obs-fold), or worse; RFC 9112 §5.2 lets us refuse it.
    if (state.field.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        return state.refuse(Status::BadRequest);
    }
    if (state.phase == Phase::Body) {
        // Trailers say nothing that we would act on (RFC 9110 §6.5.1).
        state.field = {};
        return HPE_OK;
    }
    if (state.request.fields.size() == state.limits.fieldsMax) {
        return state.refuse(Status::HeaderFieldsTooLarge);
    }
    while (!state.field.value.empty() && (state.field.value.back() == ' ' || state.field.value.back() == '\t')) {
        state.field.value.pop_back();
    }
    state.request.fields.push_back(std::exchange(state.field, {}));
    return HPE_OK;
}

int RequestParser::State::onExtension(llhttp_t *parser, const char *, std::size_t size)
{
    State &state = of(parser);
    return state.takes(size) ? HPE_OK : state.refuse(Status::HeaderFieldsTooLarge);
}

int RequestParser::State::onHead(llhttp_t *parser)
{
    State &state = of(parser);
    state.request.method = methodOf(parser->method);
    state.request.minorVersion = parser->http_minor;
    state.request.keepAlive = llhttp_should_keep_alive(parser) == 1;
    state.request.upgrade = parser->upgrade == 1;
    if (parser->http_major != 1) {
        return state.refuse(Status::VersionNotSupported);
    }
    if (!state.readTarget() || !state.checkHead()) {
        return state.refuse(state.failed);
    }
    state.phase = Phase::Body;
    return HPE_PAUSED;
}

/// RFC 9112 §3.2: origin-form, absolute-form and, for OPTIONS, the asterisk.
bool RequestParser::State::readTarget()
{
    std::string_view rest = target;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equalIgnoringCase(rest.substr(0, scheme.size()), scheme)) {
            rest.remove_prefix(scheme.size());
            const std::size_t slash = rest.find_first_of("/?");
            rest = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
            break;
        }
    }
    const bool asterisk = rest == "*" && request.method == Method::Options;
    if (!asterisk && (rest.empty() || rest.front() != '/')) {
        failed = request.method == Method::Other ? Status::NotImplemented : Status::BadRequest;
        return false;
    }
    const std::size_t mark = rest.find('?');
    request.path = rest.substr(0, mark);
    request.query = mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
    return true;
}

bool RequestParser::State::checkHead()
{
    // RFC 9112 §3.2: exactly one, which a proxy may have routed by.
    const std::size_t hosts = request.count("host");
    if (hosts > 1 || (hosts == 0 && request.minorVersion > 0) || !mayBeHost(request.field("host"))) {
        failed = Status::BadRequest;
        return false;
    }
    if (request.count("transfer-encoding") > 0) {
        // RFC 9112 §6.1: HTTP/1.0 has none, and what we do not know is not implemented.
        const bool chunked =
            request.count("transfer-encoding") == 1 && equalIgnoringCase(request.field("transfer-encoding"), "chunked");
        if (!chunked || request.minorVersion == 0 || request.count("content-length") > 0) {
            const bool confusing = request.minorVersion == 0 || request.count("content-length") > 0;
            failed = confusing ? Status::BadRequest : Status::NotImplemented;
            return false;
        }
    }
    if (request.count("content-length") > 1) {
        failed = Status::BadRequest;
        return false;
    }
    if ((parser.flags & F_CONTENT_LENGTH) != 0 && parser.content_length > limits.bodyBytesMax) {
        failed = Status::ContentTooLarge;
        return false;
    }
    return true;
}

int RequestParser::State::onBody(llhttp_t *parser, const char *at, std::size_t size)
{
    State &state = of(parser);
    if (state.request.body.size() + size > state.limits.bodyBytesMax) {
        return state.refuse(Status::ContentTooLarge);
    }
    state.request.body.append(at, size);
    return HPE_OK;
}

int RequestParser::State::onComplete(llhttp_t *parser)
{
    of(parser).phase = Phase::Complete;
    return HPE_PAUSED;
}

RequestParser::Outcome RequestParser::State::fail(Status status)
{
    failed = status;
    phase = Phase::Failed;
    return Outcome::Failed;
}

/// llhttp has codes of its own for what a callback refuses.
RequestParser::Outcome RequestParser::State::judge(llhttp_errno_t error)
{
    if (refused) {
        return fail(failed);
    }
    switch (error) {
    case HPE_INVALID_METHOD:
        return fail(looksLikeMethod(beginning) ? Status::NotImplemented : Status::BadRequest);
    case HPE_INVALID_VERSION:
    case HPE_PAUSED_H2_UPGRADE:
        return fail(Status::VersionNotSupported);
    default:
        return fail(Status::BadRequest);
    }
}

void RequestParser::State::restart()
{
    request = {};
    target.clear();
    field = {};
    beginning.clear();
    headerBytes = 0;
    phase = Phase::Head;
    started = false;
}

RequestParser::RequestParser(const RequestLimits &limits)
    : m_state(std::make_unique<State>(limits))
{
}

RequestParser::~RequestParser() = default;

RequestParser::Outcome RequestParser::feed(std::string_view &bytes)
{
    State &state = *m_state;
    GW_ASSERT(state.phase != State::Phase::Complete);
    if (state.phase == State::Phase::Failed) {
        return Outcome::Failed;
    }
    // A head is read up to its bound and no further; white space before its line counts, too.
    const bool inHead = state.phase == State::Phase::Head;
    const std::size_t room = inHead ? state.limits.headerBytesMax - state.headerBytes : bytes.size();
    const std::string_view offered = bytes.substr(0, room);
    const llhttp_errno_t error = llhttp_execute(&state.parser, offered.data(), offered.size());
    const std::size_t used = error == HPE_OK || offered.empty()
                                 ? offered.size()
                                 : static_cast<std::size_t>(llhttp_get_error_pos(&state.parser) - offered.data());
    bytes.remove_prefix(std::min(used, bytes.size()));
    if (inHead) {
        state.headerBytes += used;
        state.beginning.append(offered.substr(0, beginningBytes - std::min(beginningBytes, state.beginning.size())));
    }
    switch (error) {
    case HPE_OK:
        state.started = state.started || !offered.empty();
        return bytes.empty() ? Outcome::NeedMore : state.fail(Status::HeaderFieldsTooLarge);
    case HPE_PAUSED:
        llhttp_resume(&state.parser);
        state.started = true;
        return state.phase == State::Phase::Body ? Outcome::Head : Outcome::Complete;
    case HPE_PAUSED_UPGRADE:
        // Nobody wanted the upgrade of the request before: HTTP goes on.
        llhttp_resume_after_upgrade(&state.parser);
        state.beginning.clear();
        return feed(bytes);
    default:
        return state.judge(error);
    }
}

const Request &RequestParser::request() const noexcept
{
    return m_state->request;
}

Request RequestParser::takeRequest()
{
    GW_ASSERT(m_state->phase == State::Phase::Complete);
    Request request = std::move(m_state->request);
    m_state->restart();
    return request;
}

bool RequestParser::awaitsContinue() const noexcept
{
    const State &state = *m_state;
    const bool body = (state.parser.flags & F_CHUNKED) != 0 || state.parser.content_length > 0;
    return state.phase == State::Phase::Body && body && state.request.minorVersion > 0 &&
           state.request.lists("expect", "100-continue");
}

bool RequestParser::begun() const noexcept
{
    return m_state->started;
}

Status RequestParser::failure() const noexcept
{
    return m_state->failed;
}

} // namespace godwit::http
