// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Messages.h"

namespace godwit::admin
{

namespace
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

constexpr std::size_t keysMax = 8;
constexpr std::size_t proofsMax = 10'000;
constexpr std::size_t statusLinesMax = 1'000;

Error misread()
{
    return Error(ErrorCode::InvalidInput, "the running godwitd is of another version than this command: restart it");
}

FrameWriter request(std::string_view operation)
{
    FrameWriter writer;
    writer.text(protocolNumber).text(operation);
    return writer;
}

std::uint64_t microseconds(base::WallTime time)
{
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

base::WallTime readTime(FrameReader &reader)
{
    return base::WallTime(base::Duration(static_cast<std::int64_t>(reader.number())));
}

void write(FrameWriter &writer, const Error &error)
{
    writer.text(base::name(error.code())).text(error.text());
}

Error makeError(const std::string &codeName, const std::string &words)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Cancelled); ++code) {
        if (base::name(static_cast<ErrorCode>(code)) == codeName) {
            return Error(static_cast<ErrorCode>(code), words);
        }
    }
    return Error(ErrorCode::Unavailable, words);
}

void write(FrameWriter &writer, const AccountKeys &account)
{
    const accounts::Credentials &credentials = account.credentials;
    writer.text(account.jid).number(credentials.disabled ? 1 : 0).number(credentials.keys.size());
    for (const accounts::ScramKeys &keys : credentials.keys) {
        writer.number(static_cast<std::uint64_t>(keys.hash)).number(keys.iterations);
        writer.text(keys.salt).text(keys.storedKey).text(keys.serverKey);
    }
}

AccountKeys readAccount(FrameReader &reader)
{
    AccountKeys account;
    account.jid = reader.text();
    account.credentials.disabled = reader.number() != 0;
    const std::size_t count = reader.count(keysMax);
    for (std::size_t i = 0; i < count; ++i) {
        accounts::ScramKeys keys;
        keys.hash = static_cast<accounts::ScramHash>(reader.count(2));
        keys.iterations = static_cast<std::uint32_t>(reader.count(10'000'000));
        keys.salt = reader.text();
        keys.storedKey = reader.text();
        keys.serverKey = reader.text();
        account.credentials.keys.push_back(std::move(keys));
    }
    return account;
}

void write(FrameWriter &writer, const std::optional<MessageTrace::Party> &party)
{
    writer.number(party ? 1 : 0);
    if (!party) {
        return;
    }
    writer.text(party->stanzaId).number(party->archived ? 1 : 0).number(party->pending ? 1 : 0);
    writer.number(party->proofs.size());
    for (const MessageTrace::Proof &proof : party->proofs) {
        writer.text(proof.device).number(microseconds(proof.time));
    }
}

std::optional<MessageTrace::Party> readParty(FrameReader &reader)
{
    if (reader.number() == 0) {
        return std::nullopt;
    }
    MessageTrace::Party party;
    party.stanzaId = reader.text();
    party.archived = reader.number() != 0;
    party.pending = reader.number() != 0;
    const std::size_t count = reader.count(proofsMax);
    for (std::size_t i = 0; i < count; ++i) {
        std::string device = reader.text();
        party.proofs.push_back({std::move(device), readTime(reader)});
    }
    return party;
}

// What the answering end does, one function for each operation: the rest of the request is read, and must be right to
// its end before anything is done.

Result<Ok> answerKnown(FrameReader &reader, Control &control, FrameWriter &answer)
{
    std::vector<std::string> jids;
    const std::size_t count = reader.count(accountsPerCallMax);
    jids.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        jids.push_back(reader.text());
    }
    if (!reader.ok() || !reader.atEnd()) {
        return misread();
    }
    const auto result = control.known(jids);
    if (!result) {
        return result.error();
    }
    answer.number(result->size());
    for (const bool one : *result) {
        answer.number(one ? 1 : 0);
    }
    return Ok{};
}

Result<Ok> answerPut(FrameReader &reader, Control &control, FrameWriter &answer)
{
    const auto mode = static_cast<PutMode>(reader.count(2));
    std::vector<AccountKeys> accounts;
    const std::size_t count = reader.count(accountsPerCallMax);
    for (std::size_t i = 0; i < count && reader.ok(); ++i) {
        accounts.push_back(readAccount(reader));
    }
    if (!reader.ok() || !reader.atEnd()) {
        return misread();
    }
    const auto result = control.put(accounts, mode);
    if (!result) {
        return result.error();
    }
    answer.number(result->size());
    for (const Result<Ok> &one : *result) {
        if (one) {
            answer.text("ok").text({});
        } else {
            write(answer, one.error());
        }
    }
    return Ok{};
}

Result<Ok> answerRemove(FrameReader &reader, Control &control, FrameWriter &)
{
    const std::string jid = reader.text();
    return reader.ok() && reader.atEnd() ? control.remove(jid) : Result<Ok>(misread());
}

Result<Ok> answerList(FrameReader &reader, Control &control, FrameWriter &answer)
{
    const std::string after = reader.text();
    const std::size_t limit = reader.count(accountsPerCallMax);
    if (!reader.ok() || !reader.atEnd()) {
        return misread();
    }
    const auto result = control.list(after, limit);
    if (!result) {
        return result.error();
    }
    answer.number(result->size());
    for (const accounts::AccountInfo &info : *result) {
        answer.text(info.jid).number(microseconds(info.created)).number(info.disabled ? 1 : 0);
    }
    return Ok{};
}

Result<Ok> answerStatus(FrameReader &reader, Control &control, FrameWriter &answer)
{
    if (!reader.atEnd()) {
        return misread();
    }
    const auto result = control.status();
    if (!result) {
        return result.error();
    }
    answer.number(result->size());
    for (const StatusLine &line : *result) {
        answer.text(line.name).text(line.value);
    }
    return Ok{};
}

Result<Ok> answerTrace(FrameReader &reader, Control &control, FrameWriter &answer)
{
    const std::string account = reader.text();
    const std::string id = reader.text();
    if (!reader.ok() || !reader.atEnd()) {
        return misread();
    }
    const auto trace = control.trace(account, id);
    if (!trace) {
        return trace.error();
    }
    answer.text(trace->sender).text(trace->recipient).number(microseconds(trace->stored));
    answer.number(trace->bytes).number(trace->event ? 1 : 0);
    write(answer, trace->atSender);
    write(answer, trace->atRecipient);
    return Ok{};
}

struct Operation {
    std::string_view name;
    Result<Ok> (*answer)(FrameReader &, Control &, FrameWriter &);
};
constexpr Operation operations[] = {
    {"known", answerKnown}, {"put", answerPut},       {"remove", answerRemove},
    {"list", answerList},   {"status", answerStatus}, {"trace", answerTrace},
};

/// Reads the head of an answer; the rest is the operation's.
Result<FrameReader> openAnswer(std::vector<std::string> fields)
{
    FrameReader reader(std::move(fields));
    const std::string outcome = reader.text();
    if (outcome == "ok") {
        return reader;
    }
    const std::string words = reader.text();
    return reader.ok() ? makeError(outcome, words) : misread();
}

/// A list whose items `readOne` reads.
template <class Item, class ReadOne>
Result<std::vector<Item>> readItems(std::vector<std::string> fields, std::size_t most, ReadOne readOne)
{
    auto reader = openAnswer(std::move(fields));
    if (!reader) {
        return reader.error();
    }
    std::vector<Item> items;
    const std::size_t count = reader->count(most);
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        items.push_back(readOne(*reader));
    }
    if (!reader->ok() || !reader->atEnd()) {
        return misread();
    }
    return items;
}

} // namespace

std::string askKnown(const std::vector<std::string> &accounts)
{
    FrameWriter writer = request("known");
    writer.number(accounts.size());
    for (const std::string &account : accounts) {
        writer.text(account);
    }
    return writer.take();
}

std::string askPut(const std::vector<AccountKeys> &accounts, PutMode mode)
{
    FrameWriter writer = request("put");
    writer.number(static_cast<std::uint64_t>(mode)).number(accounts.size());
    for (const AccountKeys &account : accounts) {
        write(writer, account);
    }
    return writer.take();
}

std::string askRemove(const std::string &account)
{
    return request("remove").text(account).take();
}

std::string askList(const std::string &after, std::size_t limit)
{
    return request("list").text(after).number(limit).take();
}

std::string askStatus()
{
    return request("status").take();
}

std::string askTrace(const std::string &account, const std::string &id)
{
    return request("trace").text(account).text(id).take();
}

std::string errorAnswer(const Error &error)
{
    FrameWriter writer;
    write(writer, error);
    return writer.take();
}

std::string answerRequest(std::vector<std::string> fields, Control &control)
{
    FrameReader reader(std::move(fields));
    const std::string protocol = reader.text();
    const std::string name = reader.text();
    if (protocol == protocolNumber) {
        for (const Operation &operation : operations) {
            if (operation.name == name) {
                FrameWriter answer;
                answer.text("ok");
                const Result<Ok> done = operation.answer(reader, control, answer);
                return done ? answer.take() : errorAnswer(done.error());
            }
        }
    }
    return errorAnswer(misread());
}

Result<std::vector<bool>> readKnown(std::vector<std::string> fields)
{
    const auto items = readItems<std::uint64_t>(std::move(fields), accountsPerCallMax,
                                                [](FrameReader &reader) { return reader.number(); });
    if (!items) {
        return items.error();
    }
    return std::vector<bool>(items->begin(), items->end());
}

Result<std::vector<Result<Ok>>> readPut(std::vector<std::string> fields)
{
    return readItems<Result<Ok>>(std::move(fields), accountsPerCallMax, [](FrameReader &reader) {
        const std::string outcome = reader.text();
        const std::string words = reader.text();
        return outcome == "ok" ? Result<Ok>(Ok{}) : Result<Ok>(makeError(outcome, words));
    });
}

Result<Ok> readRemove(std::vector<std::string> fields)
{
    const auto reader = openAnswer(std::move(fields));
    return reader ? Result<Ok>(Ok{}) : Result<Ok>(reader.error());
}

Result<std::vector<accounts::AccountInfo>> readList(std::vector<std::string> fields)
{
    return readItems<accounts::AccountInfo>(std::move(fields), accountsPerCallMax, [](FrameReader &reader) {
        accounts::AccountInfo info;
        info.jid = reader.text();
        info.created = readTime(reader);
        info.disabled = reader.number() != 0;
        return info;
    });
}

Result<std::vector<StatusLine>> readStatus(std::vector<std::string> fields)
{
    return readItems<StatusLine>(std::move(fields), statusLinesMax, [](FrameReader &reader) {
        StatusLine line;
        line.name = reader.text();
        line.value = reader.text();
        return line;
    });
}

Result<MessageTrace> readTrace(std::vector<std::string> fields)
{
    auto reader = openAnswer(std::move(fields));
    if (!reader) {
        return reader.error();
    }
    MessageTrace trace;
    trace.sender = reader->text();
    trace.recipient = reader->text();
    trace.stored = readTime(*reader);
    trace.bytes = reader->number();
    trace.event = reader->number() != 0;
    trace.atSender = readParty(*reader);
    trace.atRecipient = readParty(*reader);
    if (!reader->ok() || !reader->atEnd()) {
        return misread();
    }
    return trace;
}

} // namespace godwit::admin
