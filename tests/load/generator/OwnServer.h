// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A godwitd of our own, for runs that are given no server: the one on PATH, in a temporary folder, on free ports of
// 127.0.0.1. It is stopped and its folder removed with this object, and it dies with this process.
#pragma once

#include "Loop.h"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace godwit::load
{

class OwnServer
{
public:
    OwnServer() = default;
    ~OwnServer();
    OwnServer(const OwnServer &) = delete;
    OwnServer &operator=(const OwnServer &) = delete;

    struct Plan {
        std::string domain;
        std::string users; ///< accounts are users0, users1, ...
        unsigned count = 0;
        std::string password;
    };
    /// Makes the accounts, starts the server and waits until it listens. Empty, or the reason why not.
    [[nodiscard]] std::string start(Loop &loop, const Plan &plan);

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::uint16_t httpPort() const { return m_httpPort; }

private:
    [[nodiscard]] std::string prepare(const Plan &plan);
    [[nodiscard]] std::string importAccounts(const Plan &plan) const;
    [[nodiscard]] std::string waitUntilItListens(Loop &loop);
    [[nodiscard]] pid_t spawn(const std::string &input, std::vector<std::string> words) const;
    [[nodiscard]] std::string lastWords() const;
    void stop();

    std::string m_folder;
    std::uint16_t m_port = 0;
    std::uint16_t m_httpPort = 0;
    pid_t m_process = -1;
};

} // namespace godwit::load
