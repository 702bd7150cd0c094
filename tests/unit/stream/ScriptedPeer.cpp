// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ScriptedPeer.h"

#include "base/Base64.h"

namespace godwit::stream::test
{

namespace
{

accounts::Credentials credentialsFor(std::string_view password, std::vector<crypto::Hash> hashes, bool disabled)
{
    base::SeededRandom random(3);
    accounts::Credentials credentials;
    credentials.disabled = disabled;
    const crypto::Password prepared = crypto::Password::prepare(password).value();
    for (const crypto::ScramRecipe &recipe : crypto::makeRecipes(hashes, 16, random)) {
        credentials.keys.push_back(crypto::makeScramKeys(prepared, recipe));
    }
    return credentials;
}

std::string between(std::string_view text, std::string_view begin, std::string_view end)
{
    const std::size_t from = text.find(begin);
    const std::size_t to = from == std::string_view::npos ? from : text.find(end, from + begin.size());
    if (to == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(from + begin.size(), to - from - begin.size()));
}

} // namespace

const std::map<std::string, accounts::Credentials> &testAccounts()
{
    using enum crypto::Hash;
    static const std::map<std::string, accounts::Credentials> accounts = {
        {"romeo@example.com", credentialsFor("pencil", {Sha1, Sha256, Sha512}, false)},
        {"juliet@example.com", credentialsFor("pencil", {Sha1, Sha256, Sha512}, false)},
        {"tybalt@example.com", credentialsFor("pencil", {Sha1, Sha256, Sha512}, true)},
        {"paris@example.com", credentialsFor("pencil", {Sha1}, false)},
        {"rosaline@example.com", {}},
    };
    return accounts;
}

NegotiationOptions testOptions(TlsPolicy tls)
{
    NegotiationOptions options;
    options.hosts = {{"example.com", HostKind::Accounts}, {"anon.example.com", HostKind::Anonymous}};
    options.tls = tls;
    options.scramIterations = 16;
    options.decoySecret = "0123456789abcdef";
    return options;
}

TlsInfo testTls()
{
    return {"TLSv1.3", "", {{"tls-exporter", std::string(32, 'e')}, {"tls-server-end-point", std::string(32, 's')}}};
}

std::string header(std::string_view to)
{
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='" +
           std::string(to) + "'>";
}

std::string serverHeader(std::string_view from)
{
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' from='" +
           std::string(from) + "' id='ID' version='1.0' xml:lang='en'>";
}

std::string plainAuth(std::string_view user, std::string_view password, std::string_view authzid)
{
    std::string message(authzid);
    message += '\0';
    message += user;
    message += '\0';
    message += password;
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base::encodeBase64(message) +
           "</auth>";
}

std::string saslFailure(std::string_view condition)
{
    return "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" + std::string(condition) + "/>";
}

std::string streamError(std::string_view condition)
{
    return "<stream:error><" + std::string(condition) + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>";
}

ScriptedPeer::ScriptedPeer(NegotiationOptions options, std::optional<TlsInfo> tls, Answers answers)
    : m_answers(answers)
    , m_negotiation(std::make_unique<Negotiation>(std::make_shared<const NegotiationOptions>(std::move(options)),
                                                  m_wire, *this, std::move(tls)))
{
}

std::string ScriptedPeer::say(std::string_view bytes)
{
    m_negotiation->feed(bytes);
    settle();
    return takeOutput();
}

std::string ScriptedPeer::sayOnly(std::string_view bytes)
{
    m_negotiation->feed(bytes);
    return takeOutput();
}

void ScriptedPeer::settle()
{
    while (!m_work.empty()) {
        const std::function<void()> work = std::move(m_work.front());
        m_work.pop_front();
        work();
    }
}

std::string ScriptedPeer::takeOutput()
{
    constexpr std::string_view opening = "<stream:stream ";
    constexpr std::string_view idBegin = " id='";
    constexpr std::size_t idSize = 22;
    std::string out = std::exchange(m_out, {});
    for (std::size_t at = out.find(opening); at != std::string::npos; at = out.find(opening, at + 1)) {
        const std::size_t id = out.find(idBegin, at);
        if (id != std::string::npos && id < out.find('>', at)) {
            out.replace(id + idBegin.size(), idSize, "ID");
        }
    }
    return out;
}

std::string ScriptedPeer::openStream(std::string_view to)
{
    const std::string out = say(header(to));
    const std::size_t end = out.find("xml:lang='en'>");
    return end == std::string::npos ? out : out.substr(end + 14);
}

std::string ScriptedPeer::login(std::string_view user, std::string_view password)
{
    openStream();
    say(plainAuth(user, password));
    return openStream();
}

void ScriptedPeer::closeStream(CloseReason reason)
{
    events.emplace_back(reason == CloseReason::Error ? "close error" : "close");
}

void ScriptedPeer::answer(std::function<void()> work)
{
    if (m_answers == Answers::AtOnce) {
        work();
    } else {
        m_work.push_back(std::move(work));
    }
}

void ScriptedPeer::fetchCredentials(RequestId id, const jid::Jid &account)
{
    events.push_back("fetch " + account.text());
    base::Result<accounts::Credentials> result = base::Error(base::ErrorCode::NotFound, "no such account");
    const auto found = testAccounts().find(account.text());
    if (storeError) {
        result = *storeError;
    } else if (found != testAccounts().end()) {
        result = found->second;
    }
    answer([this, id, result] { m_negotiation->answerCredentials(id, result); });
}

void ScriptedPeer::hashPassword(RequestId id, HashingRequest request)
{
    events.emplace_back("hash");
    base::Result<accounts::ScramKeys> result = crypto::makeScramKeys(request.password, request.recipe);
    if (hashingError) {
        result = *hashingError;
    }
    answer([this, id, result] { m_negotiation->answerHashing(id, result); });
}

void ScriptedPeer::fetchTokens(RequestId id, const jid::Jid &account, const std::string &device)
{
    events.push_back("tokens of " + account.text());
    base::Result<accounts::TokenLogin> result = base::Error(base::ErrorCode::NotFound, "no such account");
    const auto found = testAccounts().find(account.text());
    if (storeError) {
        result = *storeError;
    } else if (found != testAccounts().end()) {
        result = accounts::TokenLogin{tokens[account.text() + ' ' + device], found->second.disabled};
    }
    answer([this, id, result] { m_negotiation->answerTokens(id, result); });
}

void ScriptedPeer::changeTokens(RequestId id, accounts::TokenChange change)
{
    events.push_back("change tokens of " + change.account);
    if (beforeChange) {
        beforeChange();
    }
    accounts::DeviceTokens &kept = tokens[change.account + ' ' + change.device];
    base::Result<base::Ok> result = base::Ok{};
    if (tokenError) {
        result = *tokenError;
    } else if (kept != change.before) {
        result = base::Error(base::ErrorCode::Conflict, "they changed");
    } else {
        kept = change.after;
    }
    answer([this, id, result] { m_negotiation->answerTokenChange(id, result); });
}

void ScriptedPeer::bind(RequestId id, BindRequest request)
{
    events.push_back("bind " + std::string(request.full.bareText()));
    bound = request;
    BindAnswer made;
    made.full = request.full;
    made.results = boundResults;
    made.acks = request.bind2 && request.bind2->acks;
    base::Result<BindAnswer> result = std::move(made);
    if (bindError) {
        result = *bindError;
    }
    answer([this, id, result] { m_negotiation->answerBind(id, result); });
}

void ScriptedPeer::resume(RequestId id, ResumptionRequest request)
{
    events.push_back("resume " + request.resume.previousId + ' ' + std::to_string(request.resume.handled));
    resumption = request;
    const jid::Jid full = request.who.account.withResource("before").value();
    answer([this, id, full] {
        if (resumable) {
            m_negotiation->answerResume(id, ResumeAnswer{*resumable, full});
        } else {
            m_negotiation->answerResume(id, refusal);
        }
    });
}

void ScriptedPeer::loginFailed(const jid::Jid &account, SaslCondition condition)
{
    events.push_back("failed " + account.text() + ' ' + std::string(name(condition)));
}

void ScriptedPeer::loginSucceeded(const Authentication &who)
{
    events.push_back("login " + std::string(name(who.mechanism)));
}

ScramClient::ScramClient(crypto::Hash hash, std::string user, std::string password, Binding binding)
    : m_hash(hash)
    , m_user(std::move(user))
    , m_password(std::move(password))
    , m_binding(std::move(binding))
{
}

std::string ScramClient::bare() const
{
    return "n=" + m_user + ",r=clientnonce";
}

std::string ScramClient::first() const
{
    return m_binding.gs2 + bare();
}

std::string ScramClient::auth() const
{
    std::string mechanism = "SCRAM-" + std::string(crypto::hashName(m_hash));
    if (m_binding.gs2.starts_with("p=")) {
        mechanism += "-PLUS";
    }
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" + mechanism + "'>" +
           base::encodeBase64(first()) + "</auth>";
}

std::string ScramClient::response(std::string_view challenge)
{
    serverFirst = base::decodeBase64(between(challenge, "-sasl'>", "</challenge>")).value_or("");
    const std::string nonce = between(serverFirst, "r=", ",s=");
    const std::string salt = base::decodeBase64(between(serverFirst, ",s=", ",i=")).value_or("");
    const auto iterations = static_cast<std::uint32_t>(std::stoul(serverFirst.substr(serverFirst.find(",i=") + 3)));
    const crypto::ScramRecipe recipe{m_hash, iterations, salt};
    const crypto::Password password = crypto::Password::prepare(m_password).value();
    m_keys = crypto::makeScramKeys(password, recipe);
    const std::string withoutProof =
        "c=" + base::encodeBase64(m_binding.gs2 + m_binding.data) + ",r=" + nonce + nonceSuffix + extraBeforeProof;
    m_authMessage = bare() + ',' + serverFirst + ',' + withoutProof;
    std::string proof = crypto::hmac(m_hash, {crypto::saltedPassword(password, recipe)}, "Client Key");
    const std::string signature = crypto::hmac(m_hash, {m_keys.storedKey}, m_authMessage);
    for (std::size_t i = 0; i < proof.size(); ++i) {
        proof[i] = static_cast<char>(proof[i] ^ signature[i]);
    }
    return "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" +
           base::encodeBase64(withoutProof + ",p=" + base::encodeBase64(proof)) + "</response>";
}

bool ScramClient::verifies(std::string_view success) const
{
    const std::string data = base::decodeBase64(between(success, "-sasl'>", "</success>")).value_or("");
    return data == "v=" + base::encodeBase64(crypto::serverSignature(m_keys, m_authMessage));
}

} // namespace godwit::stream::test
