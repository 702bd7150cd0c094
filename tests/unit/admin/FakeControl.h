// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A control that answers what the test puts in, and keeps what it was asked.
#pragma once

#include "admin/Control.h"

namespace godwit::admin
{

class FakeControl final : public Control
{
public:
    std::vector<std::string> asked;
    std::vector<AccountKeys> accounts;
    std::vector<base::Result<base::Ok>> answers;
    std::vector<accounts::AccountInfo> infos;
    std::vector<StatusLine> lines;
    base::Result<MessageTrace> message{base::Error(base::ErrorCode::NotFound, "no such message")};
    base::Result<base::Ok> removal{base::Ok{}};

    base::Result<std::vector<bool>> known(const std::vector<std::string> &jids) override
    {
        std::vector<bool> result;
        for (const std::string &jid : jids) {
            asked.push_back("known " + jid);
            result.push_back(jid.starts_with("a"));
        }
        return result;
    }
    base::Result<std::vector<base::Result<base::Ok>>> put(const std::vector<AccountKeys> &given, PutMode mode) override
    {
        asked.push_back("put " + std::to_string(static_cast<int>(mode)));
        accounts = given;
        return answers;
    }
    base::Result<base::Ok> remove(const std::string &account) override
    {
        asked.push_back("remove " + account);
        return removal;
    }
    base::Result<std::vector<accounts::AccountInfo>> list(const std::string &after, std::size_t limit) override
    {
        asked.push_back("list " + after + " " + std::to_string(limit));
        return infos;
    }
    base::Result<std::vector<StatusLine>> status() override
    {
        asked.emplace_back("status");
        return lines;
    }
    base::Result<MessageTrace> trace(const std::string &account, const std::string &id) override
    {
        asked.push_back("trace " + account + " " + id);
        return message;
    }
};

} // namespace godwit::admin
