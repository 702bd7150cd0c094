// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Requests and answers of Control as frames, for both ends of the local socket.
#pragma once

#include "admin/Control.h"
#include "admin/Frame.h"

#include <string>
#include <vector>

namespace godwit::admin
{

// Requests, as the asking end writes them.
std::string askKnown(const std::vector<std::string> &accounts);
std::string askPut(const std::vector<AccountKeys> &accounts, PutMode mode);
std::string askRemove(const std::string &account);
std::string askList(const std::string &after, std::size_t limit);
std::string askStatus();
std::string askTrace(const std::string &account, const std::string &id);

/// Does what a request asks of `control` and gives the frame of the answer. InvalidInput comes back in that frame, too.
std::string answerRequest(std::vector<std::string> fields, Control &control);

/// An answer that is nothing but a failure.
std::string errorAnswer(const base::Error &error);

// Answers, as the asking end reads them: each gives what the control at the other end gave.
base::Result<std::vector<bool>> readKnown(std::vector<std::string> fields);
base::Result<std::vector<base::Result<base::Ok>>> readPut(std::vector<std::string> fields);
base::Result<base::Ok> readRemove(std::vector<std::string> fields);
base::Result<std::vector<accounts::AccountInfo>> readList(std::vector<std::string> fields);
base::Result<std::vector<StatusLine>> readStatus(std::vector<std::string> fields);
base::Result<MessageTrace> readTrace(std::vector<std::string> fields);

} // namespace godwit::admin
