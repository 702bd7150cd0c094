// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "OwnServer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace godwit::load
{

namespace
{

constexpr double startSeconds = 20;
constexpr Micros stopTime = 10'000'000;

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// A port below the ephemeral range, so that clients' source ports cannot take it; 0 when none was found.
std::uint16_t freePort()
{
    for (int i = 0; i < 200; ++i) {
        std::uint16_t dice = 0;
        (void)!getrandom(&dice, sizeof dice, 0);
        const auto port = static_cast<std::uint16_t>(10'000 + dice % 20'000);
        const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(port);
        const bool free = bind(probe, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
        close(probe);
        if (free) {
            return port;
        }
    }
    return 0;
}

bool listens(std::uint16_t port)
{
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool connected = connect(probe, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    close(probe);
    return connected;
}

/// The exit status, 128 and more for a signal.
int waitFor(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

OwnServer::~OwnServer()
{
    stop();
    if (!m_folder.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
}

std::string OwnServer::start(Loop &loop, const Plan &plan)
{
    if (std::string why = prepare(plan); !why.empty()) {
        return why;
    }
    if (std::string why = importAccounts(plan); !why.empty()) {
        return why;
    }
    m_process = spawn("/dev/null", {"serve"});
    return waitUntilItListens(loop);
}

std::string OwnServer::prepare(const Plan &plan)
{
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "godwit-load-XXXXXX").string();
    if (error || mkdtemp(pattern.data()) == nullptr) {
        return "no temporary folder: " + (error ? error.message() : std::string(std::strerror(errno)));
    }
    m_folder = pattern;
    m_port = freePort();
    do {
        m_httpPort = freePort();
    } while (m_httpPort == m_port && m_port != 0);
    std::ofstream config(m_folder + "/godwitd.toml");
    // Requests for acks come as soon as they may: in the compressed time of the run every message has its own, as in
    // the time that it stands for. Compression is for who asks for it.
    config << "domain = \"" << plan.domain << "\"\ndata_dir = \"" << m_folder << "/data\"\n"
           << "[listen]\nc2s = \"127.0.0.1:" << m_port << "\"\nc2s_tls = []\nhttp = \"127.0.0.1:" << m_httpPort
           << "\"\nhttps = []\ns2s = []\n[tls]\nrequire = false\n[auth]\nscram_iterations = 4096\n"
           << "[websocket]\ncompression = true\ncontext_takeover = true\n"
           << "[limits]\nack_request_interval = \"10 ms\"\n";
    config.close();
    return config ? std::string() : "no configuration can be written in " + m_folder;
}

pid_t OwnServer::spawn(const std::string &input, std::vector<std::string> words) const
{
    const std::string log = m_folder + "/log";
    words.insert(words.begin(), {"godwitd", "--config", m_folder + "/godwitd.toml"});
    std::vector<char *> arguments;
    for (std::string &word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child != 0) {
        return child;
    }
    // Not stopped by a Ctrl-C that is for us, but never left alone either.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int in = open(input.c_str(), O_RDONLY);
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (getppid() == parent && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2) {
        execvp(arguments.front(), arguments.data());
    }
    _exit(127);
}

std::string OwnServer::importAccounts(const Plan &plan) const
{
    const std::string file = m_folder + "/accounts";
    {
        std::ofstream accounts(file);
        for (unsigned i = 0; i < plan.count; ++i) {
            accounts << plan.users << i << '@' << plan.domain << ' ' << plan.password << '\n';
        }
    }
    const pid_t process = spawn(file, {"user", "import", "-"});
    const int status = process < 0 ? 127 : waitFor(process);
    if (status == 127) {
        return "godwitd is not on PATH; --port and --http-port name a server that runs";
    }
    return status == 0 ? std::string() : "godwitd user import failed: " + lastWords();
}

std::string OwnServer::waitUntilItListens(Loop &loop)
{
    const auto there = [&] {
        if (m_process < 0 || waitpid(m_process, nullptr, WNOHANG) != 0) {
            m_process = -1;
            return true;
        }
        if (listens(m_port) && listens(m_httpPort)) {
            return true;
        }
        loop.after(10'000, [] {});
        return false;
    };
    const Loop::Ended ended = loop.runUntil(there, seconds(startSeconds));
    if (ended == Loop::Ended::Interrupted) {
        return "interrupted";
    }
    return ended == Loop::Ended::Done && m_process >= 0 ? std::string() : "godwitd does not start: " + lastWords();
}

void OwnServer::stop()
{
    if (m_process < 0) {
        return;
    }
    kill(m_process, SIGTERM);
    Loop loop;
    const auto gone = [&] {
        loop.after(5'000, [] {});
        return waitpid(m_process, nullptr, WNOHANG) != 0;
    };
    if (Loop::interrupted() || loop.runUntil(gone, stopTime) != Loop::Ended::Done) {
        kill(m_process, SIGKILL);
        waitFor(m_process);
    }
    m_process = -1;
}

std::string OwnServer::lastWords() const
{
    std::ifstream file(m_folder + "/log");
    std::stringstream all;
    all << file.rdbuf();
    std::string text = all.str();
    return text.size() > 500 ? text.substr(text.size() - 500) : text;
}

} // namespace godwit::load
