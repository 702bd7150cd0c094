// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// From a command line to something that answers: the running server if there is one, else the store itself.
#pragma once

#include "admin/Arguments.h"
#include "admin/Control.h"
#include "admin/StoreMail.h"
#include "base/Result.h"
#include "config/Config.h"
#include "store/sqlite/SqliteEngine.h"

#include <cstdint>
#include <memory>
#include <string>

namespace godwit::admin
{

/// The configuration that --config names, or the one that is found, or the defaults. Errors as of loadConfig().
base::Result<config::Config> configurationFor(const Arguments &arguments);

/// Root works as the owner of the data folder from here on, so that no file of the store comes to belong to root and
/// the server cannot write it. Before any thread begins. Does nothing for others, and when there is no such folder.
base::Result<base::Ok> workAsOwner(const config::Config &config);

/// InvalidInput when the configuration wants a store that this godwitd has not.
base::Result<base::Ok> checkStorage(const config::Config &config);

/// Whether the files of a store are there.
bool storeExists(const config::Config &config);

/// Makes the data folder for its owner alone, if it is missing.
base::Result<base::Ok> makeDataFolder(const config::Config &config);

/// Who answers. What was opened is closed with it.
struct Reached {
    std::unique_ptr<StoreMail> mail;             ///< outlives the engine
    std::unique_ptr<store::SqliteEngine> engine; ///< without a running server
    std::unique_ptr<Control> control;
    bool running() const noexcept { return engine == nullptr; }
};

enum class StoreNeed : std::uint8_t {
    Existing, ///< NotFound when there is no store
    Make,     ///< one is made then
};

/// Asks the socket first, then opens the store. When a server is just starting or ending, waits up to three seconds
/// until it is clear which; Conflict when the store stays in use and nobody answers.
base::Result<Reached> reach(const config::Config &config, StoreNeed need);

} // namespace godwit::admin
