// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/PasswordInput.h"

#include "crypto/Digest.h"
#include "net/Descriptor.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Result;

namespace
{

volatile std::sig_atomic_t interruptedBy = 0;

void noteSignal(int number)
{
    interruptedBy = number;
}

/// No echo while it lives. A signal that would end the process meanwhile ends the reading instead, and is raised again
/// once the terminal is as it was.
class HiddenTyping
{
public:
    HiddenTyping()
    {
        interruptedBy = 0;
        m_changed = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (!m_changed) {
            return;
        }
        struct sigaction action{};
        action.sa_handler = noteSignal;
        for (std::size_t i = 0; i < std::size(signals); ++i) {
            ::sigaction(signals[i], &action, &m_actions[i]);
        }
        termios hidden = m_before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenTyping()
    {
        if (!m_changed) {
            return;
        }
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        for (std::size_t i = 0; i < std::size(signals); ++i) {
            ::sigaction(signals[i], &m_actions[i], nullptr);
        }
        std::fputc('\n', stderr);
        if (interruptedBy != 0) {
            ::raise(interruptedBy);
        }
    }
    HiddenTyping(const HiddenTyping &) = delete;
    HiddenTyping &operator=(const HiddenTyping &) = delete;

private:
    static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction m_actions[std::size(signals)] = {};
    termios m_before{};
    bool m_changed = false;
};

/// Up to the end of the line, which is left out; no byte behind it is taken.
Result<std::string> readLine(int file, const std::string &name)
{
    std::string line;
    for (;;) {
        char letter = 0;
        const ssize_t count = ::read(file, &letter, 1);
        if (count < 0) {
            if (errno == EINTR && interruptedBy == 0) {
                continue;
            }
            return Error(ErrorCode::Io, "cannot read the password from " + name + ": " + std::strerror(errno));
        }
        if (count == 0 || letter == '\n') {
            break;
        }
        if (line.size() > 2 * crypto::passwordBytesMax) {
            crypto::wipe(line);
            return Error(ErrorCode::InvalidInput, "the first line of " + name + " is too long for a password");
        }
        line += letter;
    }
    if (line.ends_with('\r')) {
        line.pop_back();
    }
    return line;
}

Result<crypto::Password> prepare(Result<std::string> line)
{
    if (!line) {
        return line.error();
    }
    auto password = crypto::Password::prepare(*line);
    crypto::wipe(*line);
    return password;
}

Result<crypto::Password> ask(const char *prompt)
{
    std::fputs(prompt, stderr);
    const HiddenTyping hidden;
    return prepare(readLine(STDIN_FILENO, "the terminal"));
}

} // namespace

Result<crypto::Password> readPassword(const std::optional<std::string> &file)
{
    if (file) {
        const net::Descriptor opened(::open(file->c_str(), O_RDONLY | O_CLOEXEC));
        if (!opened.isOpen()) {
            return Error(ErrorCode::Io, "cannot read the password file " + *file + ": " + std::strerror(errno));
        }
        return prepare(readLine(opened.number(), *file));
    }
    if (::isatty(STDIN_FILENO) == 0) {
        return prepare(readLine(STDIN_FILENO, "standard input"));
    }
    auto first = ask("Password: ");
    if (!first) {
        return first;
    }
    const auto second = ask("Once more: ");
    if (!second) {
        return second.error();
    }
    if (first->bytes() != second->bytes()) {
        return Error(ErrorCode::InvalidInput, "the two passwords are not the same: nothing was changed");
    }
    return first;
}

Result<bool> confirm(const std::string &question)
{
    if (::isatty(STDIN_FILENO) == 0) {
        return Error(ErrorCode::InvalidInput, "there is no terminal to ask on: give --yes");
    }
    std::fprintf(stderr, "%s [y/N] ", question.c_str());
    const auto line = readLine(STDIN_FILENO, "the terminal");
    return line && (*line == "y" || *line == "Y" || *line == "yes");
}

} // namespace godwit::admin
