// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What became of one message, for its own account: when it was stored, which devices have it, what errors answered it
// (DESIGN section 3; shared/README.md has the protocol). It is read from the books (DELIVERY.md rule 17): a sender
// hears of its own devices, never of the recipient's.

#include "modules/BuiltIn.h"

#include "ledger/RowText.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::modules
{

namespace
{

constexpr std::string_view timelineNs = "urn:godwit:timeline:0";
constexpr std::string_view sidNs = "urn:xmpp:sid:0";
/// Among so many of the newest messages an origin-id is looked for, and errors that answer a message behind it.
constexpr std::size_t originSearchMax = 1'000;
constexpr std::size_t pageRows = 250;

using stream::StanzaCondition;
using stream::StanzaError;

bool hasOriginId(const ledger::LogRow &row, std::string_view originId)
{
    // Cheaper than reading the message, and most have another one.
    std::string escaped;
    xml::appendEscapedAttribute(escaped, originId);
    if (!row.stanza || row.stanza->find(escaped) == std::string::npos) {
        return false;
    }
    const base::Result<xml::Stanza> stanza = xml::parseStanza(*row.stanza);
    return stanza.ok() && stanza->root().child("origin-id", sidNs).attribute("id") == originId;
}

class Timeline final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"timeline", "urn:godwit:timeline:0", "0", "complete", "Tells an account what became of its messages"};
    }

    void start(Services &services, Hooks &hooks) override
    {
        m_services = &services;
        hooks.addFeature(IqTarget::Account, std::string(timelineNs));
        hooks.onIq(IqTarget::Account, std::string(timelineNs),
                   [this](const IqRequest &request, IqReply reply) { answer(request, std::move(reply)); });
    }

private:
    struct Question {
        IqReply reply;
        std::string account;
        std::string originId;
        std::optional<std::string> with;
        std::optional<ledger::Seq> before;
        std::size_t looked = 0;
        ledger::RowTrace trace;
    };
    using Pending = std::shared_ptr<Question>;

    void answer(const IqRequest &request, IqReply reply)
    {
        if (!request.byOwner || !request.session) {
            reply.error(StanzaError(StanzaCondition::Forbidden));
            return;
        }
        const xml::ElementView payload = request.iq.payload();
        const std::string_view id = payload.attribute("id");
        const std::string_view originId = payload.attribute("origin-id");
        if (request.iq.type != xml::StanzaType::Get || payload.name() != "message" || id.empty() == originId.empty()) {
            reply.error(StanzaError(StanzaCondition::BadRequest));
            return;
        }
        auto question = std::make_shared<Question>(Question{
            std::move(reply), request.account.text(), std::string(originId), std::nullopt, std::nullopt, 0, {}});
        if (!id.empty()) {
            const std::optional<ledger::Seq> seq = m_services->stanzaIds().decode(question->account, id);
            if (seq) {
                trace(question, *seq);
            } else {
                question->reply.error(StanzaError(StanzaCondition::ItemNotFound));
            }
            return;
        }
        if (const std::string_view with = payload.attribute("with"); !with.empty()) {
            const base::Result<jid::Jid> jid = jid::Jid::parse(with);
            if (!jid) {
                question->reply.error(StanzaError(StanzaCondition::JidMalformed));
                return;
            }
            question->with = std::string(jid->bareText());
        }
        search(question);
    }

    /// From the newest message back.
    void search(const Pending &question)
    {
        ledger::ArchiveQuery query;
        query.account = question->account;
        query.with = question->with;
        query.before = question->before;
        query.lastPage = !question->before;
        query.max = pageRows;
        query.wantCount = false;
        query.scope = ledger::ArchiveScope::WholeLog;
        m_services->log().queryArchive(std::move(query), [this, question](base::Result<ledger::ArchivePage> page) {
            if (!page) {
                question->reply.error(stream::toStanzaError(page.error()));
                return;
            }
            const auto found = std::find_if(page->rows.rbegin(), page->rows.rend(), [&](const ledger::LogRow &row) {
                return hasOriginId(row, question->originId);
            });
            if (found != page->rows.rend()) {
                trace(question, found->seq);
                return;
            }
            question->looked += page->rows.size();
            if (page->complete || page->rows.empty() || question->looked >= originSearchMax) {
                question->reply.error(StanzaError(StanzaCondition::ItemNotFound));
                return;
            }
            question->before = page->rows.front().seq;
            search(question);
        });
    }

    void trace(const Pending &question, ledger::Seq seq)
    {
        m_services->log().trace(question->account, seq, [this, question](base::Result<ledger::RowTrace> trace) {
            if (!trace) {
                question->reply.error(stream::toStanzaError(trace.error()));
                return;
            }
            question->trace = std::move(*trace);
            findErrors(question);
        });
    }

    void findErrors(const Pending &question)
    {
        const ledger::LogRow &row = question->trace.row;
        if (row.sender != question->account) {
            tell(*question, {});
            return;
        }
        ledger::ArchiveQuery query;
        query.account = question->account;
        query.with = row.recipient;
        query.afterId = row.seq;
        query.max = originSearchMax;
        query.wantCount = false;
        query.scope = ledger::ArchiveScope::WholeLog;
        m_services->log().queryArchive(std::move(query), [this, question](base::Result<ledger::ArchivePage> page) {
            tell(*question, page.ok() ? std::move(page->rows) : std::vector<ledger::LogRow>());
        });
    }

    void tell(Question &question, const std::vector<ledger::LogRow> &later) const
    {
        const ledger::LogRow &row = question.trace.row;
        const bool sent = row.sender == question.account;
        const bool archived = ledger::has(row.flags, sent ? ledger::RowFlag::ArchiveSender //
                                                          : ledger::RowFlag::ArchiveRecipient);
        std::string payload;
        xml::XmlWriter writer(payload);
        writer.open("message", timelineNs)
            .attribute("id", m_services->stanzaIds().encode(question.account, row.seq))
            .attribute("direction", sent ? "sent" : "received")
            .attribute("with", sent ? row.recipient : row.sender)
            .attribute("stored", base::formatDateTime(row.time))
            .attribute("archived", archived ? "true" : "false");
        if (!sent) {
            writer.attribute("pending", question.trace.pending ? "true" : "false");
        }
        writeDevices(writer, question.trace.proofs);
        for (const ledger::LogRow &event : later) {
            if (ledger::has(event.flags, ledger::RowFlag::Event) && event.stanza && row.stanza &&
                ledger::startTagAttribute(*event.stanza, "id") == ledger::startTagAttribute(*row.stanza, "id")) {
                writeError(writer, event);
            }
        }
        writer.close();
        question.reply.result(payload);
    }

    /// Each device once, with its first proof.
    static void writeDevices(xml::XmlWriter &writer, const std::vector<ledger::RowTrace::Receipt> &proofs)
    {
        std::vector<std::string_view> told;
        for (const ledger::RowTrace::Receipt &proof : proofs) {
            if (std::find(told.begin(), told.end(), proof.device) != told.end()) {
                continue;
            }
            told.push_back(proof.device);
            writer.open("device")
                .attributeIf("name", proof.device)
                .attribute("proved", base::formatDateTime(proof.time))
                .close();
        }
    }

    static void writeError(xml::XmlWriter &writer, const ledger::LogRow &event)
    {
        const base::Result<xml::Stanza> stanza = xml::parseStanza(*event.stanza);
        std::string_view condition;
        if (stanza.ok()) {
            condition = stanza->root().child("error", stanza->root().ns()).child().name();
        }
        writer.open("error")
            .attribute("stored", base::formatDateTime(event.time))
            .attributeIf("condition", condition)
            .close();
    }

    Services *m_services = nullptr;
};

} // namespace

std::unique_ptr<Module> makeTimeline()
{
    return std::make_unique<Timeline>();
}

} // namespace godwit::modules
