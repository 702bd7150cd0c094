// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Session.h"

#include <sys/random.h>

#include <utility>

namespace godwit::load
{

std::string randomToken(std::size_t length)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz012345";
    std::string token(length, '\0');
    if (getrandom(token.data(), length, 0) < 0) {
        token.assign(length, static_cast<char>(now()));
    }
    for (char &c : token) {
        c = letters[static_cast<unsigned char>(c) % letters.size()];
    }
    return token;
}

Session::Session(Loop &loop, const Endpoint &endpoint, Login login, SessionUser *user)
    : m_endpoint(endpoint)
    , m_login(std::move(login))
    , m_user(user)
    , m_wire(makeWire(loop, endpoint, *this))
{
}

Session::~Session()
{
    close(false);
}

void Session::connect()
{
    m_wantResume = false;
    start();
}

void Session::connectResuming()
{
    m_wantResume = !m_resumeId.empty();
    start();
}

void Session::start()
{
    close(false);
    m_failure.clear();
    m_resumed = false;
    m_managed = false;
    m_offersManagement = false;
    m_state = State::Connecting;
    m_wire->start(m_login.number);
}

void Session::cut()
{
    close(true);
}

void Session::tear()
{
    if (!m_wire->tear()) {
        cut();
    }
}

void Session::comeBack()
{
    if (m_wire->isOpen()) {
        m_wire->goOn();
    } else {
        connectResuming();
    }
}

void Session::leave()
{
    if (m_wire->isOpen()) {
        m_wire->leave();
        m_state = State::Closed;
    }
    // Closing for good is no reason to resume.
    m_resumeId.clear();
}

void Session::close(bool reset)
{
    if (m_wire->isOpen()) {
        m_wire->close(reset);
        m_state = State::Closed;
    }
}

void Session::fail(std::string why)
{
    m_failure = std::move(why);
    close(false);
    m_state = State::Closed;
    m_user->onClosed(*this);
}

void Session::setReading(bool reading)
{
    m_wire->setReading(reading);
}

void Session::send(std::string_view stanza, Tag tag)
{
    m_wire->stanza(stanza);
    if (m_managed) {
        m_unacked.push_back(tag);
    }
}

void Session::requestAck()
{
    if (m_managed) {
        m_wire->requestAck();
    }
}

std::vector<Tag> Session::takeUnacked()
{
    return std::exchange(m_left, {});
}

void Session::leaveUnacked()
{
    for (const Tag tag : m_unacked) {
        if (tag != untagged) {
            m_left.push_back(tag);
        }
    }
    m_unacked.clear();
}

void Session::onWireUp()
{
    m_state = State::Opening;
    m_wire->openStream();
}

bool Session::onStreamEnd()
{
    fail("the server closed the stream");
    return false;
}

bool Session::onStanzasTaken(std::size_t count)
{
    accept(count);
    return m_wire->isOpen();
}

void Session::onWireDown(std::string why)
{
    if (why.empty()) {
        why = m_state == State::Ready ? "the server closed the connection"
                                      : "the server closed the connection during the login";
    }
    fail(std::move(why));
}

} // namespace godwit::load
