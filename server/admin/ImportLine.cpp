// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/ImportLine.h"

#include "jid/Jid.h"

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;

base::Result<std::string> accountJid(std::string_view text, std::string_view domain)
{
    const base::Result<jid::Jid> jid = jid::Jid::parse(text);
    if (!jid) {
        return Error(ErrorCode::InvalidInput, "this is no JID, which looks like name@" + std::string(domain),
                     jid.error());
    }
    if (!jid->hasLocal()) {
        return Error(ErrorCode::InvalidInput, "an account has a name before the @: name@" + std::string(domain));
    }
    if (!jid->isBare()) {
        return Error(ErrorCode::InvalidInput, "an account has no resource: leave out what begins with /");
    }
    if (jid->domain() != domain) {
        return Error(ErrorCode::InvalidInput, "accounts of this server are at " + std::string(domain));
    }
    return jid->text();
}

base::Result<std::optional<ImportLine>> parseImportLine(std::string_view line, std::string_view domain)
{
    constexpr std::string_view blanks = " \t";
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos || line[begin] == '#') {
        return std::optional<ImportLine>();
    }
    line.remove_prefix(begin);
    if (line.size() > importLineBytesMax) {
        return Error(ErrorCode::InvalidInput,
                     "the line is longer than " + std::to_string(importLineBytesMax) + " bytes");
    }
    const std::size_t end = line.find_first_of(blanks);
    const std::size_t secret = end == std::string_view::npos ? end : line.find_first_not_of(blanks, end);
    if (secret == std::string_view::npos) {
        return Error(ErrorCode::InvalidInput, "there is no password behind the JID");
    }
    base::Result<std::string> jid = accountJid(line.substr(0, end), domain);
    if (!jid) {
        return jid.error();
    }
    base::Result<crypto::Password> password = crypto::Password::prepare(line.substr(secret));
    if (!password) {
        return Error(ErrorCode::InvalidInput, "the password cannot be used", password.error());
    }
    return std::optional<ImportLine>(ImportLine{std::move(*jid), std::move(*password)});
}

} // namespace godwit::admin
