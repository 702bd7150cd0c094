// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Commands.h"
#include "admin/ImportLine.h"
#include "admin/PasswordInput.h"
#include "admin/Reach.h"
#include "base/Random.h"
#include "crypto/ScramKeys.h"

#include <cstdio>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;

namespace
{

/// What the commands about one account begin with.
struct Subject {
    config::Config config;
    std::string jid;
};

/// Prints what is wrong; nothing then, and `status` says how to end.
std::optional<Subject> subjectOf(const Arguments &arguments, Exit &status)
{
    auto config = configurationFor(arguments);
    if (!config) {
        status = fail(config.error());
        return std::nullopt;
    }
    auto jid = accountJid(arguments.operands.front(), config->domain);
    if (!jid) {
        status = fail(Error(jid.error().code(), "\"" + arguments.operands.front() + "\"", jid.error()), Exit::Usage);
        return std::nullopt;
    }
    return Subject{std::move(*config), std::move(*jid)};
}

accounts::Credentials keysOf(const crypto::Password &password, const config::Config &config)
{
    constexpr crypto::Hash hashes[] = {crypto::Hash::Sha1, crypto::Hash::Sha256, crypto::Hash::Sha512};
    base::SystemRandom random;
    accounts::Credentials credentials;
    for (const crypto::ScramRecipe &recipe :
         crypto::makeRecipes(hashes, static_cast<std::uint32_t>(config.auth.scramIterations), random)) {
        credentials.keys.push_back(crypto::makeScramKeys(password, recipe));
    }
    return credentials;
}

/// Reads the password, hashes it, and has the account made or changed.
Exit putAccount(const Arguments &arguments, PutMode mode, const char *done)
{
    Exit status = Exit::Done;
    const std::optional<Subject> subject = subjectOf(arguments, status);
    if (!subject) {
        return status;
    }
    const auto password = readPassword(arguments.passwordFile);
    if (!password) {
        return fail(password.error());
    }
    if (auto owner = workAsOwner(subject->config); !owner) {
        return fail(owner.error());
    }
    const auto reached = reach(subject->config, mode == PutMode::Add ? StoreNeed::Make : StoreNeed::Existing);
    if (!reached) {
        return fail(reached.error());
    }
    const auto answers = reached->control->put({{subject->jid, keysOf(*password, subject->config)}}, mode);
    if (!answers) {
        return fail(answers.error());
    }
    if (const base::Result<base::Ok> &answer = answers->front(); !answer) {
        switch (answer.error().code()) {
        case ErrorCode::AlreadyExists:
            return fail(Error(ErrorCode::AlreadyExists,
                              "the account " + subject->jid + " exists: \"user passwd\" changes its password"));
        case ErrorCode::NotFound:
            return fail(Error(ErrorCode::NotFound, "there is no account " + subject->jid + ": \"user add\" makes it"));
        default:
            return fail(answer.error());
        }
    }
    std::printf("%s %s\n", subject->jid.c_str(), done);
    return Exit::Done;
}

} // namespace

Exit userAddCommand(const Arguments &arguments)
{
    return putAccount(arguments, PutMode::Add, "was made");
}

Exit userPasswordCommand(const Arguments &arguments)
{
    return putAccount(arguments, PutMode::Set, "has a new password");
}

Exit userRemoveCommand(const Arguments &arguments)
{
    Exit status = Exit::Done;
    const std::optional<Subject> subject = subjectOf(arguments, status);
    if (!subject) {
        return status;
    }
    if (!arguments.yes) {
        const auto sure = confirm("Remove " + subject->jid + " with its contacts and all its messages?");
        if (!sure) {
            return fail(sure.error(), Exit::Usage);
        }
        if (!*sure) {
            std::fprintf(stderr, "godwitd: nothing was removed\n");
            return Exit::Failed;
        }
    }
    if (auto owner = workAsOwner(subject->config); !owner) {
        return fail(owner.error());
    }
    const auto reached = reach(subject->config, StoreNeed::Existing);
    if (!reached) {
        return fail(reached.error());
    }
    if (auto removed = reached->control->remove(subject->jid); !removed) {
        const bool unknown = removed.error().code() == ErrorCode::NotFound;
        return fail(unknown ? Error(ErrorCode::NotFound, "there is no account " + subject->jid) : removed.error());
    }
    std::printf("%s was removed\n", subject->jid.c_str());
    return Exit::Done;
}

Exit userListCommand(const Arguments &arguments)
{
    const auto config = configurationFor(arguments);
    if (!config) {
        return fail(config.error());
    }
    if (auto owner = workAsOwner(*config); !owner) {
        return fail(owner.error());
    }
    const auto reached = reach(*config, StoreNeed::Existing);
    if (!reached) {
        return fail(reached.error());
    }
    std::string after;
    for (;;) {
        const auto page = reached->control->list(after, accountsPerCallMax);
        if (!page) {
            return fail(page.error());
        }
        for (const accounts::AccountInfo &info : *page) {
            // To the second: nobody needs more here.
            const base::WallTime created = std::chrono::floor<std::chrono::seconds>(info.created);
            std::printf("%s\t%s%s\n", info.jid.c_str(), base::formatDateTime(created).c_str(),
                        info.disabled ? "\tdisabled" : "");
        }
        if (page->size() < accountsPerCallMax) {
            return std::fflush(stdout) == 0 ? Exit::Done : Exit::Failed;
        }
        after = page->back().jid;
    }
}

} // namespace godwit::admin
