// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What `check` looks at: each a function from the configuration to findings. They change nothing.
#pragma once

#include "admin/Control.h"
#include "config/Config.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace godwit::admin
{

enum class Verdict : std::uint8_t { Ok, Warn, Fail, Note };

struct Finding {
    Verdict verdict = Verdict::Ok;
    std::string subject; ///< "certificate"
    std::string words;   ///< what is so, and what to do when it should not be
};
using Findings = std::vector<Finding>;

/// Files there, key and certificate belong together, domain named in it, how long it is valid.
Findings checkCertificate(const config::Config &config, std::chrono::system_clock::time_point now);
/// The data folder: there, a folder, ours, closed to others.
Findings checkFolder(const config::Config &config);
Findings checkDisk(const config::Config &config);
/// Versions of the files and, when no server has them, whether the store is free.
Findings checkStore(const config::Config &config, bool running);
/// `status` holds the lines of the running server, or none.
Findings checkPorts(const config::Config &config, const std::vector<StatusLine> &status);
Findings checkDescriptors();
/// The records to set.
Findings adviseDns(const config::Config &config);

} // namespace godwit::admin
