// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The archive of an account (XEP-0313, mam:2 and mam:2#extended) with paging both ways (XEP-0059). What it shows is the
// account's log; a result that a client proved proves the message (DELIVERY.md rule 11).

#include "modules/BuiltIn.h"

#include "ledger/RowText.h"
#include "modules/ArchiveForm.h"
#include "modules/ArchivePreferences.h"
#include "xml/XmlWriter.h"

namespace godwit::modules
{

namespace
{

constexpr std::string_view mamNs = "urn:xmpp:mam:2";
constexpr std::string_view rsmNs = "http://jabber.org/protocol/rsm";

using stream::StanzaCondition;
using stream::StanzaError;

class Archive final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"archive", "XEP-0313", "1.1.3", "complete", "History of conversations, kept on the server"};
    }

    void start(Services &services, Hooks &hooks) override
    {
        m_services = &services;
        for (const char *feature : {"urn:xmpp:mam:2", "urn:xmpp:mam:2#extended", "urn:xmpp:sid:0"}) {
            hooks.addFeature(IqTarget::Account, feature);
        }
        const auto &settings = services.settings("archive");
        if (const auto found = settings.find("page_max"); found != settings.end()) {
            m_pageMax = std::stoul(found->second);
        }
        m_preferences.start(services, hooks);
        hooks.onIq(IqTarget::Account, std::string(mamNs),
                   [this](const IqRequest &request, IqReply reply) { answer(request, std::move(reply)); });
    }

private:
    void answer(const IqRequest &request, IqReply reply)
    {
        if (!request.byOwner || !request.session) {
            reply.error(StanzaError(StanzaCondition::Forbidden));
            return;
        }
        if (request.session->anonymous()) {
            reply.error(StanzaError(StanzaCondition::ServiceUnavailable));
            return;
        }
        const std::string_view name = request.iq.payload().name();
        const bool get = request.iq.type == xml::StanzaType::Get;
        if (name == "query" && get) {
            answerForm(std::move(reply));
        } else if (name == "query") {
            search(request, std::move(reply));
        } else if (name == "metadata" && get) {
            tellEnds(request, std::move(reply));
        } else if (name == "prefs") {
            m_preferences.answer(request, std::move(reply));
        } else {
            reply.error(StanzaError(StanzaCondition::BadRequest));
        }
    }

    static void answerForm(IqReply reply)
    {
        std::string payload;
        writeArchiveForm(payload);
        reply.result(payload);
    }

    void search(const IqRequest &request, IqReply reply)
    {
        if (request.iq.payload().child("set", rsmNs).child("index", rsmNs)) {
            // XEP-0059 §2.6: another page instead would be taken for the one that was asked for.
            reply.error(StanzaError(StanzaCondition::FeatureNotImplemented));
            return;
        }
        base::Result<ArchiveRequest> parsed =
            parseArchiveRequest(request.iq.payload(), request.account.text(), m_services->stanzaIds(), m_pageMax);
        if (!parsed) {
            reply.error(stream::toStanzaError(parsed.error()));
            return;
        }
        request.session->setReadsArchive();
        const bool backwards = parsed->query.lastPage || parsed->query.before.has_value();
        auto pending = std::make_shared<Pending>(Pending{std::move(reply), request.session->id(),
                                                         request.account.text(), std::string(request.account.domain()),
                                                         std::move(parsed->queryId), parsed->flip, backwards});
        m_services->log().queryArchive(std::move(parsed->query),
                                       [this, pending](base::Result<ledger::ArchivePage> page) {
                                           if (!page) {
                                               pending->reply.error(stream::toStanzaError(page.error()));
                                               return;
                                           }
                                           show(*pending, *page);
                                       });
    }

    struct Pending {
        IqReply reply;
        session::SessionId session;
        std::string account;
        std::string host;
        std::string queryId;
        bool flip;
        bool backwards;
    };

    void show(Pending &pending, ledger::ArchivePage &page) const
    {
        SessionPort *session = m_services->session(pending.session);
        const ledger::RowText text(pending.account, pending.host, m_services->stanzaIds());
        if (session) {
            const std::size_t count = page.rows.size();
            for (std::size_t i = 0; i < count; ++i) {
                const ledger::LogRow &row = page.rows[pending.flip ? count - 1 - i : i];
                std::string result;
                text.appendArchiveResult(result, row, pending.queryId, session->jid().text());
                session->writeProving(result, row.seq);
            }
        }
        if (pending.backwards) {
            // slixmpp takes an index whose page reaches the last row for the end of the way, also of the way back.
            page.firstIndex.reset();
        }
        pending.reply.result(writeFin(text, page));
    }

    static std::string writeFin(const ledger::RowText &text, const ledger::ArchivePage &page)
    {
        std::string fin;
        xml::XmlWriter writer(fin);
        writer.open("fin", mamNs);
        if (page.complete) {
            writer.attribute("complete", "true");
        }
        writer.open("set", rsmNs);
        if (!page.rows.empty()) {
            writer.open("first");
            if (page.firstIndex) {
                writer.attribute("index", std::to_string(*page.firstIndex));
            }
            writer.text(text.stanzaId(page.rows.front().seq)).close();
            writer.textElement("last", text.stanzaId(page.rows.back().seq));
        }
        if (page.count) {
            writer.textElement("count", std::to_string(*page.count));
        }
        writer.close().close();
        return fin;
    }

    void tellEnds(const IqRequest &request, IqReply reply)
    {
        auto pending = std::make_shared<IqReply>(std::move(reply));
        const std::string account = request.account.text();
        m_services->log().archiveEnds(account, [this, pending, account](base::Result<ledger::ArchiveEnds> ends) {
            if (!ends) {
                pending->error(stream::toStanzaError(ends.error()));
                return;
            }
            std::string payload;
            ledger::RowText(account, {}, m_services->stanzaIds()).appendArchiveEnds(payload, *ends);
            pending->result(payload);
        });
    }

    Services *m_services = nullptr;
    ArchivePreferences m_preferences;
    std::size_t m_pageMax = archivePageMaxDefault;
};

} // namespace

std::unique_ptr<Module> makeArchive()
{
    return std::make_unique<Archive>();
}

} // namespace godwit::modules
