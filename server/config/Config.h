// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Log.h"
#include "base/Result.h"
#include "config/Limits.h"
#include "config/Values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::config
{

/// All that a person can set, with the defaults. Values are checked one by one and, among the limits, against each
/// other; what needs the machine (are the files there, is the address free) is not.
struct Config {
    std::string domain = "localhost";
    std::string dataDir = "godwit-data"; ///< see dataPath()

    struct Listen {
        std::vector<ListenAddress> c2s{{"::", 5222}};
        std::vector<ListenAddress> c2sTls{{"::", 5223}};
        std::vector<ListenAddress> http{{"::", 5280}};
        std::vector<ListenAddress> https{{"::", 5443}};
        std::vector<ListenAddress> s2s{{"::", 5269}};
    } listen;

    struct Tls {
        bool require = true;
        std::string certificate; ///< PEM file; empty: self-signed where the domain is localhost
        std::string key;
    } tls;

    struct Storage {
        std::string url = "sqlite:";
        std::string retention = "forever"; ///< or a time; see retentionTime()
    } storage;

    struct Auth {
        std::vector<std::string> anonymousHosts;
        std::vector<std::string> mechanisms{"SCRAM-SHA-512-PLUS",
                                            "SCRAM-SHA-256-PLUS",
                                            "SCRAM-SHA-1-PLUS",
                                            "SCRAM-SHA-512",
                                            "SCRAM-SHA-256",
                                            "SCRAM-SHA-1",
                                            "PLAIN"};
        std::uint64_t scramIterations = 10'000;
        base::Duration tokenLifetime = std::chrono::hours(24 * 21);
        std::uint64_t tokensPerAccount = 32;
    } auth;

    struct StreamManagement {
        base::Duration resumeTimeout = std::chrono::minutes(10);
    } streamManagement;

    struct Http {
        std::vector<std::string> origins{"*"};
        std::string publicUrl; ///< empty: made of the domain and the port
    } http;

    struct WebSocket {
        bool compression = false;
        bool contextTakeover = false;
    } webSocket;

    struct Web {
        std::string folder; ///< empty: no pages
    } web;

    struct Modules {
        std::vector<std::string> enabled;  ///< beyond those that are on by default
        std::vector<std::string> disabled; ///< wins over `enabled`
        std::string pluginDir;             ///< empty: no plugins
    } modules;

    struct Log {
        base::LogLevel level = base::LogLevel::Info;
    } log;

    struct Admin {
        std::string socket = "admin.sock"; ///< see dataPath()
    } admin;

    Limits limits;

    /// Where the configuration was read from; empty when it is the built-in one. Relative paths of the file are already
    /// absolute: certificate, key, plugin_dir and data_dir count from the folder of the file.
    std::string file;

    /// `path` itself when it is absolute, else below dataDir.
    std::string dataPath(const std::string &path) const;
    /// How long delivered messages stay; nothing: for ever.
    std::optional<base::Duration> retentionTime() const;
    /// The folder or file of "sqlite:PATH"; dataDir for the plain "sqlite:".
    std::string sqlitePath() const;
};

/// Reads and checks a file. The error has one line for each mistake, "FILE:LINE: KEY: what is wrong; what is allowed".
/// Codes: NotFound, Io, InvalidInput.
base::Result<Config> loadConfig(const std::string &path);
/// The same for text that has been read; `name` is what errors call it, and its folder is where relative paths start.
base::Result<Config> parseConfig(std::string_view text, const std::string &name);

/// Where godwitd looks when no --config is given: the file that GODWITD_CONFIG names, ./godwitd.toml,
/// /etc/godwit/godwitd.toml. Nothing when there is none; the defaults are used then.
std::optional<std::string> findConfigFile();

/// The whole configuration with all defaults commented out; `domain` is set in it when it is given.
std::string defaultConfigText(const std::string &domain = {});

/// The keys of the file in dotted form, "listen.c2s", in the order of defaultConfigText().
std::vector<std::string> configKeys();

} // namespace godwit::config
