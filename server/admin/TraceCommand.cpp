// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Commands.h"
#include "admin/ImportLine.h"
#include "admin/Reach.h"

#include <algorithm>
#include <cstdio>

namespace godwit::admin
{

namespace
{

void printParty(const char *role, const std::string &jid, const std::optional<MessageTrace::Party> &party,
                bool receives)
{
    std::printf("\n%s %s\n", role, jid.c_str());
    if (!party) {
        std::printf("  no account here\n");
        return;
    }
    std::printf("  stanza-id  %s\n", party->stanzaId.c_str());
    if (receives) {
        std::printf("  delivery   %s\n", party->pending ? "pending: no client has proved it" : "proved");
    }
    std::printf("  archive    %s\n", party->archived ? "yes" : "no");
    for (const MessageTrace::Proof &proof : party->proofs) {
        std::printf("  proved     %s by %s\n", base::formatDateTime(proof.time).c_str(),
                    proof.device.empty() ? "a client that did not name itself" : proof.device.c_str());
    }
}

} // namespace

Exit traceCommand(const Arguments &arguments)
{
    const auto config = configurationFor(arguments);
    if (!config) {
        return fail(config.error());
    }
    const auto account = accountJid(arguments.operands[0], config->domain);
    if (!account) {
        return fail(account.error(), Exit::Usage);
    }
    if (auto owner = workAsOwner(*config); !owner) {
        return fail(owner.error());
    }
    const auto reached = reach(*config, StoreNeed::Existing);
    if (!reached) {
        return fail(reached.error());
    }
    auto trace = reached->control->trace(*account, arguments.operands[1]);
    if (!trace) {
        const auto known = reached->control->known({*account});
        if (known && !known->front()) {
            return fail(base::Error(base::ErrorCode::NotFound, "there is no account " + *account));
        }
        return fail(trace.error());
    }
    std::printf("stored     %s\nfrom       %s\nto         %s\nsize       %llu bytes%s\n",
                base::formatDateTime(trace->stored).c_str(), trace->sender.c_str(), trace->recipient.c_str(),
                static_cast<unsigned long long>(trace->bytes),
                trace->event ? "\nkind       an error that answers an earlier message" : "");
    printParty("sender", trace->sender, trace->atSender, false);
    printParty("recipient", trace->recipient, trace->atRecipient, true);
    return Exit::Done;
}

} // namespace godwit::admin
