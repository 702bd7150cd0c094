// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Serve.h"

#include <cstdio>

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: godwitd CONFIG serve\n");
        return 2;
    }
    auto config = godwit::config::loadConfig(argv[1]);
    if (!config) {
        std::fprintf(stderr, "%s\n", config.error().text().c_str());
        return 2;
    }
    return godwit::serve(*config, [](godwit::Server &) { return std::shared_ptr<void>(); });
}
