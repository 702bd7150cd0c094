// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "modules/Hooks.h"

namespace godwit::modules
{

/// Enough of a request to answer it: an empty stanza with its addresses, its type and its id.
struct IqReply::Request {
    xml::Stanza head;
    Send send;
};

IqReply::IqReply(const xml::Stanza &request, Send send)
    : m_request(std::make_unique<Request>())
{
    xml::Stanza &head = m_request->head;
    head.kind = request.kind;
    head.type = request.type;
    head.from = request.from;
    head.to = request.to;
    head.id = request.id;
    m_request->send = std::move(send);
}

IqReply::~IqReply()
{
    if (m_request) {
        error(stream::StanzaError(stream::StanzaCondition::InternalServerError));
    }
}

IqReply::IqReply(IqReply &&) noexcept = default;

IqReply &IqReply::operator=(IqReply &&other) noexcept
{
    std::swap(m_request, other.m_request);
    return *this;
}

void IqReply::result(std::string_view payload)
{
    GW_ASSERT(m_request != nullptr);
    const std::unique_ptr<Request> request = std::move(m_request);
    request->send(stream::resultReply(request->head, payload));
}

void IqReply::error(const stream::StanzaError &error)
{
    GW_ASSERT(m_request != nullptr);
    const std::unique_ptr<Request> request = std::move(m_request);
    if (std::optional<std::string> bytes = stream::errorReply(request->head, error)) {
        request->send(std::move(*bytes));
    }
}

void Hooks::onIq(IqTarget target, std::string ns, IqHandler handler)
{
    of(target).handlers[std::move(ns)] = std::move(handler);
}

void Hooks::onMessageSent(int priority, MessageHook hook)
{
    m_sent.emplace(priority, std::move(hook));
}

void Hooks::onMessageReceived(int priority, MessageHook hook)
{
    m_received.emplace(priority, std::move(hook));
}

void Hooks::onIncoming(PassageHook hook)
{
    m_incoming.push_back(std::move(hook));
}

void Hooks::onOutgoing(PassageHook hook)
{
    m_outgoing.push_back(std::move(hook));
}

void Hooks::onAccountNeeded(AccountLoader loader)
{
    m_loaders.push_back(std::move(loader));
}

void Hooks::onAccountForgotten(AccountHook hook)
{
    m_forgotten.push_back(std::move(hook));
}

void Hooks::onRosterChanged(RosterHook hook)
{
    m_rosterChanged.push_back(std::move(hook));
}

void Hooks::onSessionBound(SessionHook hook)
{
    m_bound.push_back(std::move(hook));
}

void Hooks::onBindFeature(std::string ns, BindFeature feature)
{
    m_bindFeatures[std::move(ns)] = std::move(feature);
}

void Hooks::onSessionEnded(SessionHook hook)
{
    m_ended.push_back(std::move(hook));
}

void Hooks::onAccountRemoved(AccountHook hook)
{
    m_removed.push_back(std::move(hook));
}

void Hooks::addFeature(IqTarget target, std::string feature)
{
    of(target).features.push_back(std::move(feature));
}

void Hooks::addIdentity(IqTarget target, Identity identity)
{
    of(target).identities.push_back(std::move(identity));
}

void Hooks::addStreamFeature(std::string xml)
{
    m_streamFeatures += xml;
}

bool Hooks::dispatchIq(const IqRequest &request, IqReply &reply) const
{
    const auto &handlers = of(request.target).handlers;
    const auto found = handlers.find(request.iq.payload().ns());
    if (found == handlers.end()) {
        return false;
    }
    found->second(request, std::move(reply));
    return true;
}

Verdict Hooks::dispatch(const Chain &chain, MessageEvent &event)
{
    for (const auto &[priority, hook] : chain) {
        const Verdict verdict = hook(event);
        if (verdict != Verdict::Continue) {
            return verdict;
        }
    }
    return Verdict::Continue;
}

Verdict Hooks::dispatch(const std::vector<PassageHook> &hooks, Passage &passage)
{
    for (const PassageHook &hook : hooks) {
        const Verdict verdict = hook(passage);
        if (verdict != Verdict::Continue) {
            return verdict;
        }
    }
    return Verdict::Continue;
}

void Hooks::loadAccount(const std::string &account, LoadDone done) const
{
    if (m_loaders.empty()) {
        done(base::Ok{});
        return;
    }
    struct Loading {
        std::size_t left;
        base::Result<base::Ok> outcome = base::Ok{};
        LoadDone done;
    };
    auto loading = std::make_shared<Loading>();
    loading->left = m_loaders.size();
    loading->done = std::move(done);
    for (const AccountLoader &loader : m_loaders) {
        loader(account, [loading](base::Result<base::Ok> loaded) {
            if (!loaded && loading->outcome.ok()) {
                loading->outcome = loaded.error();
            }
            if (--loading->left == 0) {
                loading->done(loading->outcome);
            }
        });
    }
}

void Hooks::accountForgotten(const std::string &account) const
{
    for (const AccountHook &hook : m_forgotten) {
        hook(account);
    }
}

void Hooks::rosterChanged(const std::string &account, const std::string &contact, Listing listing) const
{
    for (const RosterHook &hook : m_rosterChanged) {
        hook(account, contact, listing);
    }
}

void Hooks::sessionBound(SessionPort &session) const
{
    for (const SessionHook &hook : m_bound) {
        hook(session);
    }
}

void Hooks::bindFeature(SessionPort &session, std::string_view ns, std::string_view name) const
{
    if (const auto found = m_bindFeatures.find(ns); found != m_bindFeatures.end()) {
        found->second(session, name);
    }
}

std::vector<std::string> Hooks::bindFeatures() const
{
    std::vector<std::string> namespaces;
    namespaces.reserve(m_bindFeatures.size());
    for (const auto &[ns, feature] : m_bindFeatures) {
        namespaces.push_back(ns);
    }
    return namespaces;
}

void Hooks::sessionEnded(SessionPort &session) const
{
    for (const SessionHook &hook : m_ended) {
        hook(session);
    }
}

void Hooks::accountRemoved(const std::string &account) const
{
    for (const AccountHook &hook : m_removed) {
        hook(account);
    }
}

const std::vector<std::string> &Hooks::features(IqTarget target) const
{
    return of(target).features;
}

const std::vector<Identity> &Hooks::identities(IqTarget target) const
{
    return of(target).identities;
}

} // namespace godwit::modules
