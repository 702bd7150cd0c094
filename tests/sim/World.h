// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One schedule: a seed makes the server, its disk, the devices and what happens to them. First a part in which things
// go wrong, then one in which nothing does; at its end everything that was accepted must have arrived.
#pragma once

#include "Client.h"
#include "ServerProcess.h"

namespace godwit::sim
{

struct Outcome {
    bool ok = true;
    std::string failure;
    std::string summary;
    Coverage coverage;
    std::vector<std::string> lines; ///< the story, when it was to be traced
};

class World
{
public:
    World(std::uint64_t seed, bool tracing);
    Outcome run();

private:
    ClientTraits drawTraits(unsigned index);
    void scheduleActions();
    void scheduleFault();
    void act();
    void harm();
    void crashServer();
    void calm();
    void checkEnd(base::Instant deadline);
    std::string whatIsLeft();
    std::string whatIsLeftOf(const Client &client) const;
    Client &anybody() { return *m_clients[m_stage.dice.below(m_clients.size())]; }
    std::string someAddress();
    bool until(base::Instant when);

    Stage m_stage;
    Disk m_disk;
    Checker m_checker;
    std::vector<std::string> m_accounts;
    ServerProcess m_server;
    std::vector<std::unique_ptr<Client>> m_clients;
    bool m_done = false;
};

} // namespace godwit::sim
