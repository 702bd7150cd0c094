// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Client.h"

#include "ServerProcess.h"
#include "base/Base64.h"
#include "base/Number.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

constexpr std::string_view opening = "<stream:stream xmlns='jabber:client' "
                                     "xmlns:stream='http://etherx.jabber.org/streams' to='sim.example' version='1.0'>";

} // namespace

Client::Client(Stage &stage, ServerProcess &server, Checker &checker, unsigned index, ClientTraits traits)
    : m_stage(stage)
    , m_server(server)
    , m_checker(checker)
    , m_index(index)
    , m_traits(std::move(traits))
{
}

bool Client::settled() const
{
    return online() &&
           std::all_of(m_outbox.begin(), m_outbox.end(), [](const Draft &draft) { return draft.fate == Fate::Done; });
}

// The connection ------------------------------------------------------------------------------------------------------

void Client::connect()
{
    ++m_attempt;
    if (m_link) {
        return;
    }
    auto link = std::make_shared<Link>(m_stage, m_server, m_checker, *this, m_traits.account);
    if (!m_server.accept(link)) {
        reconnectAfter(std::chrono::milliseconds(200));
        return;
    }
    m_link = std::move(link);
    m_step = Step::Opening;
    send(opening);
}

void Client::reconnectAfter(Duration delay)
{
    m_stage.timeline.after(delay, [this, attempt = ++m_attempt] {
        if (attempt == m_attempt) {
            connect();
        }
    });
}

void Client::lose()
{
    m_link.reset();
    m_step = Step::Offline;
    // The device was not harmed: what came is in its cache.
    for (const Arrival &arrival : m_arrivals) {
        take(arrival, false);
    }
    for (const Arrival &arrival : m_early) {
        take(arrival, false);
    }
    if (!m_enabled || m_session->resumptionId.empty()) {
        forgetSession();
    }
}

void Client::forgetSession()
{
    m_session.reset();
    m_arrivals.clear();
    m_early.clear();
    m_enabled = false;
}

void Client::onLinkClosed(Link &link)
{
    if (m_link.get() != &link) {
        return;
    }
    m_stage.report.note("client ", m_index, " lost its connection");
    lose();
    reconnectAfter(m_stage.delay(Duration(1'000), std::chrono::seconds(m_stage.faults ? 4 : 1)));
}

void Client::crash()
{
    m_stage.report.note("client ", m_index, " crashes");
    m_stage.saw(Event::ClientCrash);
    if (m_link) {
        if (m_stage.options.halfOpen && m_stage.chance(50)) {
            m_link->vanish();
        } else {
            m_link->closeByClient();
        }
    }
    m_link.reset();
    m_step = Step::Offline;
    forgetSession();
    m_archiveTip.clear();
    reconnectAfter(m_stage.delay(Duration(1'000), std::chrono::seconds(4)));
}

void Client::closeStream()
{
    if (!m_link) {
        return;
    }
    m_stage.report.note("client ", m_index, " closes its stream");
    send("</stream:stream>");
    m_link->closeByClient();
    lose();
    forgetSession();
    reconnectAfter(m_stage.delay(Duration(1'000), std::chrono::seconds(4)));
}

void Client::race()
{
    if (m_link) {
        m_stage.report.note("client ", m_index, " gives its connection up");
        m_stage.saw(Event::SecondConnection);
        m_link->vanish();
        lose();
    }
    connect();
}

void Client::send(std::string_view bytes)
{
    if (m_link) {
        m_stage.report.note("client ", m_index, ": ", bytes);
        m_link->sendToServer(bytes);
    }
}

void Client::sendCounted(std::string_view bytes, int index)
{
    if (m_session && m_session->counting) {
        m_session->sent.push_back(index);
    }
    if (index >= 0) {
        m_checker.message(index).session = m_sessions;
    }
    send(bytes);
}

// Logging in ----------------------------------------------------------------------------------------------------------

void Client::onFrame(Link &link, std::string_view frame)
{
    const std::string_view name = nameOf(frame);
    if (m_link.get() != &link || name == "stream:stream" || name == "/stream:stream" || name == "stream:error") {
        return;
    }
    if (name == "stream:features") {
        onFeatures();
    } else if (name == "success") {
        m_step = Step::Opening2;
        send(opening);
    } else if (name == "resumed") {
        onResumed(frame);
    } else if (name == "failed") {
        onResumeFailed(frame);
    } else if (m_step == Step::Binding && name == "iq") {
        onBound(frame);
    } else if (name == "enabled" || name == "a" || name == "r") {
        onManagement(name, frame);
    } else if (name == "message" || name == "iq" || name == "presence") {
        onStanza(frame);
    }
}

void Client::onFeatures()
{
    if (m_step == Step::Opening) {
        const std::string user = m_traits.account.substr(0, m_traits.account.find('@'));
        std::string secret;
        secret += '\0';
        secret += user;
        secret += '\0';
        secret += simPassword;
        m_step = Step::Authenticating;
        send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base::encodeBase64(secret) +
             "</auth>");
        return;
    }
    if (m_session && !m_session->resumptionId.empty()) {
        resume();
        return;
    }
    m_step = Step::Binding;
    send(bindIq());
}

void Client::resume()
{
    m_step = Step::Resuming;
    m_link->conversation.session = m_session;
    const bool honest = !m_traits.lies || !m_stage.faults || m_stage.chance(50);
    if (honest) {
        // Everything that came is in the cache, and the count shows it.
        m_handled += static_cast<std::uint32_t>(m_arrivals.size());
    } else if (m_stage.chance(50)) {
        m_handled += 1'000;
    } else {
        m_handled -= std::min(m_stage.counted(m_handled), static_cast<std::uint32_t>(m_stage.between(1, 3)));
    }
    // The stream up to <enabled/> was read in any case.
    for (const Arrival &arrival : m_early) {
        take(arrival, true);
    }
    takeAll(honest);
    send("<resume xmlns='urn:xmpp:sm:3' previd='" + m_session->resumptionId + "' h='" + std::to_string(m_handled) +
         "'/>");
}

std::string Client::bindIq() const
{
    const std::string resource =
        m_traits.resource.empty() ? std::string() : "<resource>" + m_traits.resource + "</resource>";
    return "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" + resource + "</bind></iq>";
}

void Client::onResumed(std::string_view frame)
{
    m_step = m_catching ? Step::Catching : Step::Online;
    const std::uint32_t h = base::readNumber<std::uint32_t>(attributeOf(frame, "h")).value_or(0);
    accept(*m_session, h);
    // Behind h everything goes again, under the same numbers.
    for (std::size_t i = m_stage.counted(h); i < m_session->sent.size(); ++i) {
        const int index = m_session->sent[i];
        const auto draft = std::find_if(m_outbox.begin(), m_outbox.end(),
                                        [&](const Draft &one) { return index >= 0 && one.index == index; });
        send(draft != m_outbox.end() ? bytesOf(*draft)
                                     : "<iq type='get' id='again' to='sim.example'>"
                                       "<ping xmlns='urn:xmpp:ping'/></iq>");
    }
    if (m_catching) {
        askArchive();
        return;
    }
    sendOutbox();
    if (m_settling) {
        settleDown(m_takesMessages);
    }
}

void Client::onResumeFailed(std::string_view frame)
{
    if (m_step != Step::Resuming) {
        return;
    }
    if (const std::string_view h = attributeOf(frame, "h"); !h.empty()) {
        accept(*m_session, base::readNumber<std::uint32_t>(h).value_or(0));
    }
    forgetSession();
    m_link->conversation.session.reset();
    m_step = Step::Binding;
    send(bindIq());
}

void Client::onBound(std::string_view frame)
{
    if (attributeOf(frame, "type") != "result") {
        return;
    }
    m_full = textOf(frame, "jid");
    m_session = std::make_shared<SessionBook>();
    m_session->client = m_index;
    m_session->account = m_traits.account;
    m_session->full = m_full;
    m_session->mute = m_traits.mute;
    m_session->boundAt = m_link->conversation.boundAt;
    m_checker.onSession(m_session);
    m_link->conversation.session = m_session;
    ++m_sessions;
    m_handled = m_stage.options.session.countFrom;
    m_enabled = false;
    m_catching = false;
    m_archiveTip.clear();
    m_arrivals.clear();
    m_early.clear();
    for (Draft &draft : m_outbox) {
        if (draft.fate == Fate::Sent) {
            draft.fate = Fate::Waiting;
        }
    }
    beginSession();
}

void Client::beginSession()
{
    if (m_traits.manages && !m_traits.presenceFirst) {
        enable();
    }
    if (m_traits.carbons) {
        sendCounted("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>", -1);
    }
    if (m_traits.archive) {
        m_step = Step::Catching;
        m_catching = true;
        m_session->ordered = false;
        askArchive();
        return;
    }
    announce();
}

void Client::enable()
{
    send(m_traits.resumes ? "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" : "<enable xmlns='urn:xmpp:sm:3'/>");
    m_session->counting = true;
}

void Client::announce()
{
    m_step = Step::Online;
    m_catching = false;
    const int priority = m_settling && m_takesMessages ? std::max(0, m_traits.priority) : m_traits.priority;
    sendCounted("<presence><priority>" + std::to_string(priority) + "</priority></presence>", -1);
    m_session->ordered = m_session->ordered && priority >= 0;
    if (m_traits.manages && !m_session->counting) {
        enable();
    }
    sendOutbox();
}

void Client::askArchive()
{
    const std::string after = m_archiveTip.empty() ? m_archiveFrom : m_archiveTip;
    std::string set = "<set xmlns='http://jabber.org/protocol/rsm'><max>5</max>";
    if (!after.empty()) {
        set += "<after>" + after + "</after>";
    }
    // A late answer to a session of this resource that is gone must not be taken for this one.
    m_archiveId = "a" + std::to_string(100'000 + ++m_archiveQueries);
    sendCounted("<iq type='set' id='" + m_archiveId + "'><query xmlns='urn:xmpp:mam:2'>" + set + "</set></query></iq>",
                -1);
}

void Client::onArchiveEnd(std::string_view frame)
{
    if (m_step != Step::Catching) {
        return;
    }
    if (const std::string_view last = textOf(frame, "last"); !last.empty()) {
        m_archiveTip = last;
    }
    if (attributeOf(frame, "type") == "error") {
        // The archive cannot be read now.
        m_stage.timeline.after(std::chrono::seconds(1), [this, session = m_session] {
            if (m_session == session && m_step == Step::Catching) {
                askArchive();
            }
        });
    } else if (contains(frame, "complete=")) {
        m_archiveTip.clear();
        announce();
    } else {
        askArchive();
    }
}

// Sending -------------------------------------------------------------------------------------------------------------

void Client::sendOutbox()
{
    for (Draft &draft : m_outbox) {
        if (draft.fate == Fate::Waiting) {
            // Without XEP-0198 nobody says what became of it.
            draft.fate = m_traits.manages ? Fate::Sent : Fate::Done;
            sendCounted(bytesOf(draft), draft.index);
        }
    }
}

std::string Client::bytesOf(const Draft &draft)
{
    constexpr std::string_view end = "</message>";
    if (!m_traits.delays || m_stage.chance(50)) {
        return draft.bytes;
    }
    return draft.bytes.substr(0, draft.bytes.size() - end.size()) + "<delay xmlns='urn:xmpp:delay' from='" +
           m_traits.account + "' stamp='2026-01-01T12:00:00Z'/></message>";
}

void Client::say(const std::string &to)
{
    Message message;
    message.client = m_index;
    message.sender = m_traits.account;
    message.to = to;
    message.recipient = to.substr(0, to.find('/'));
    message.hasId = !(m_traits.withoutIds && m_stage.chance(50));
    const bool hasId = message.hasId;
    Draft draft;
    draft.index = m_checker.add(std::move(message));
    const std::string token = Checker::tokenOf(draft.index);
    draft.bytes = "<message to='" + to + "' type='" + (m_stage.chance(80) ? "chat" : "normal") + "' id='" + token +
                  "'><body>" + token + "</body>";
    if (hasId) {
        draft.bytes += "<origin-id xmlns='urn:xmpp:sid:0' id='" + token + "'/>";
    }
    draft.bytes += "</message>";
    post(std::move(draft));
}

void Client::post(Draft &&draft)
{
    m_outbox.push_back(std::move(draft));
    if (online()) {
        sendOutbox();
    }
}

void Client::bounce()
{
    // A message is answered once, whichever device does it.
    std::erase_if(m_answerable, [this](const Answerable &one) { return m_checker.message(one.index).answered; });
    if (m_answerable.empty()) {
        return;
    }
    const auto chosen =
        m_answerable.begin() + static_cast<std::ptrdiff_t>(m_stage.extraDice.below(m_answerable.size()));
    m_checker.message(chosen->index).answered = true;
    const std::string bare = chosen->from.substr(0, chosen->from.find('/'));
    Message error;
    error.client = m_index;
    error.sender = m_traits.account;
    error.to = m_stage.extraChance(50) ? chosen->from : bare;
    error.recipient = bare;
    error.answers = chosen->index;
    Draft draft;
    draft.bytes = "<message to='" + error.to + "' type='error' id='" + Checker::tokenOf(chosen->index) + "'><body>";
    draft.index = m_checker.add(std::move(error));
    draft.bytes += Checker::tokenOf(draft.index) +
                   "</body><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
    post(std::move(draft));
    for (std::uint64_t i = m_stage.extraDice.below(3); i > 0; --i) {
        say(bare);
    }
}

void Client::wish(Wish wish, const std::string &peer)
{
    if (online() && peer != m_traits.account) {
        const std::string name = wish == Wish::Block ? "block" : "unblock";
        sendCounted("<iq type='set' id='wish" + std::to_string(m_index) + '-' + std::to_string(++m_wishes) + "'><" +
                        name + " xmlns='urn:xmpp:blocking'><item jid='" + peer + "'/></" + name + "></iq>",
                    -1);
    }
}

void Client::sayUnstored(const std::string &to, unsigned kind)
{
    if (!online()) {
        return;
    }
    switch (kind % 6) {
    case 0:
        sendCounted("<message to='" + to + "' type='chat'><body>n</body><no-store xmlns='urn:xmpp:hints'/></message>",
                    -1);
        break;
    case 1:
        sendCounted("<message to='" + to + "' type='headline'><body>n</body></message>", -1);
        break;
    case 2:
        sendCounted("<iq to='" + to + "' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", -1);
        break;
    case 3:
        sendCounted("<iq to='sim.example' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", -1);
        break;
    case 4:
        sendCounted("<iq to='sim.example' type='result' id='stray'/>", -1);
        break;
    default:
        sendCounted("<message to='" + to +
                        "' type='chat'>"
                        "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
                    -1);
        break;
    }
}

void Client::changePresence(int priority)
{
    if (online()) {
        m_session->ordered = false;
        sendCounted("<presence><priority>" + std::to_string(priority) + "</priority></presence>", -1);
    }
}

void Client::leavePresence()
{
    if (online()) {
        m_session->ordered = false;
        sendCounted("<presence type='unavailable'/>", -1);
    }
}

void Client::changeActivity(bool active)
{
    if (online()) {
        send(active ? "<active xmlns='urn:xmpp:csi:0'/>" : "<inactive xmlns='urn:xmpp:csi:0'/>");
    }
}

void Client::askForAck()
{
    if (online() && m_session->counting) {
        send("<r xmlns='urn:xmpp:sm:3'/>");
    }
}

void Client::lie()
{
    if (!m_traits.lies || !online() || !m_enabled) {
        return;
    }
    if (m_stage.chance(50)) {
        if (m_stage.counted(m_handled) > 0) {
            send("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(m_handled - 1) + "'/>");
        }
        return;
    }
    m_stage.report.note("client ", m_index, " acknowledges what was never sent");
    send("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(m_handled + 1'000) + "'/>");
}

void Client::settleDown(bool takesMessages)
{
    m_settling = true;
    m_takesMessages = takesMessages;
    if (!online()) {
        return;
    }
    changeActivity(true);
    changePresence(takesMessages ? std::max(0, m_traits.priority) : m_traits.priority);
    acknowledge();
    askForAck();
}

// Being acknowledged --------------------------------------------------------------------------------------------------

void Client::accept(SessionBook &session, std::uint32_t h)
{
    m_checker.onAccepted(m_link->conversation, h);
    h = m_stage.counted(h);
    for (std::uint32_t i = 0; i < h && i < session.sent.size(); ++i) {
        for (Draft &draft : m_outbox) {
            if (session.sent[i] >= 0 && draft.index == session.sent[i]) {
                draft.fate = Fate::Done;
            }
        }
    }
}

void Client::onManagement(std::string_view name, std::string_view frame)
{
    if (!m_session || !m_session->counting) {
        return;
    }
    if (name == "enabled") {
        m_enabled = true;
        m_session->resumptionId = attributeOf(frame, "id");
    } else if (name == "a") {
        accept(*m_session, base::readNumber<std::uint32_t>(attributeOf(frame, "h")).value_or(0));
    } else {
        answerAck();
    }
}

// Receiving -----------------------------------------------------------------------------------------------------------

void Client::onStanza(std::string_view frame)
{
    Arrival arrival;
    if (nameOf(frame) == "message") {
        onMessage(frame, arrival);
    }
    (m_enabled ? m_arrivals : m_early).push_back(std::move(arrival));
    if (nameOf(frame) == "iq") {
        onIq(frame);
    }
    if (m_traits.mute && m_session && !m_session->counting) {
        // What its kernel took counts as received, since it says nothing else (rule 11).
        takeAll(true);
    }
}

void Client::onMessage(std::string_view frame, Arrival &arrival)
{
    const bool error = attributeOf(frame, "type") == "error";
    const int index = m_checker.indexOf(attributeOf(frame, "id"));
    if (const std::optional<Copy> copy = copyIn(frame)) {
        arrival.seq = m_checker.seqOf(m_traits.account, copy->id);
        arrival.archived = copy->kind == CopyKind::Archive;
        arrival.id = copy->id;
        if (copy->kind == CopyKind::Direct && !error && index >= 0 && m_stage.options.bounces > 0 &&
            m_checker.message(index).sender != m_traits.account) {
            m_answerable.push_back({index, std::string(attributeOf(frame, "from"))});
        }
    } else if (error) {
        for (Draft &draft : m_outbox) {
            draft.fate = index >= 0 && draft.index == index ? Fate::Done : draft.fate;
        }
    }
}

void Client::onIq(std::string_view frame)
{
    const std::string_view type = attributeOf(frame, "type");
    if (attributeOf(frame, "id") == m_archiveId && type != "get") {
        onArchiveEnd(frame);
        return;
    }
    if (type != "get" || m_traits.mute) {
        return;
    }
    // Whatever the ping is behind of has been read.
    if (!m_session->counting) {
        takeAll(true);
    }
    sendCounted("<iq type='result' id='" + std::string(attributeOf(frame, "id")) + "' to='" +
                    std::string(attributeOf(frame, "from")) + "'/>",
                -1);
}

void Client::take(const Arrival &arrival, bool shown)
{
    if (arrival.seq == ledger::Seq()) {
        return;
    }
    m_checker.onReceived(m_index, m_traits.account, arrival.seq);
    if (shown) {
        m_checker.onShown(m_traits.account, arrival.seq);
        if (arrival.archived) {
            m_archiveFrom = arrival.id;
        }
    }
}

void Client::takeAll(bool shown)
{
    for (const Arrival &arrival : m_early) {
        take(arrival, shown);
    }
    for (const Arrival &arrival : m_arrivals) {
        take(arrival, shown);
    }
    m_early.clear();
    m_arrivals.clear();
}

void Client::acknowledge()
{
    if (online() && m_enabled) {
        sendAck(m_arrivals.size());
    }
}

void Client::answerAck()
{
    if (!m_enabled) {
        return;
    }
    const std::size_t all = m_arrivals.size();
    const bool less = m_stage.faults && m_traits.lazy && all > 0;
    sendAck(less ? m_stage.between(0, all) : all);
    if (!m_arrivals.empty()) {
        m_stage.timeline.after(m_stage.delay(Duration(1'000), std::chrono::seconds(2)), [this] { acknowledge(); });
    }
}

void Client::sendAck(std::size_t count)
{
    for (const Arrival &arrival : m_early) {
        take(arrival, true);
    }
    m_early.clear();
    for (std::size_t i = 0; i < count; ++i) {
        take(m_arrivals.front(), true);
        m_arrivals.pop_front();
        ++m_handled;
    }
    send("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(m_handled) + "'/>");
}

} // namespace godwit::sim
