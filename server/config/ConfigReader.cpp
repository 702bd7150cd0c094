// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads the file into a Config by the tables of keys and limits. All mistakes are collected, so that a person mends a
// file once.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0

#include "config/Config.h"
#include "config/Keys.h"

#include <toml++/toml.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace godwit::config
{

namespace
{

/// What is wrong with a value; nothing when it was taken.
using Complaint = std::optional<std::string>;

std::string_view typeName(const toml::node &node)
{
    switch (node.type()) {
    case toml::node_type::table:
        return "a section";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::string:
        return "a text";
    case toml::node_type::integer:
        return "a number";
    case toml::node_type::floating_point:
        return "a number with a point";
    case toml::node_type::boolean:
        return "true or false";
    default:
        return "a date or time";
    }
}

std::string wrongType(const toml::node &node, std::string_view allowed)
{
    return "is " + std::string(typeName(node)) + "; allowed is " + std::string(allowed);
}

std::string wrongValue(std::string_view value, std::string_view allowed)
{
    return "'" + std::string(value) + "' is not allowed; allowed is " + std::string(allowed);
}

Complaint readNumber(const toml::node &node, const NumberLimit &limit, std::uint64_t &target)
{
    const bool bytes = limit.unit == LimitUnit::Bytes;
    const std::string allowed = "from " + formatNumber(limit.least, limit.unit) + " to " +
                                formatNumber(limit.most, limit.unit) +
                                (bytes ? ", in bytes or as \"64 KiB\", \"1 MiB\"" : "");
    std::optional<std::uint64_t> number;
    std::string written;
    if (const auto *integer = node.as_integer()) {
        written = std::to_string(integer->get());
        if (integer->get() >= 0) {
            number = static_cast<std::uint64_t>(integer->get());
        }
    } else if (const auto *text = node.as_string(); text && bytes) {
        written = text->get();
        number = parseNumber(text->get(), limit.unit);
    } else {
        return wrongType(node, "a number " + allowed);
    }
    if (!number || *number < limit.least || *number > limit.most) {
        return wrongValue(written, "a number " + allowed);
    }
    target = *number;
    return std::nullopt;
}

Complaint readTime(const toml::node &node, base::Duration least, base::Duration most, base::Duration &target)
{
    const std::string allowed = "a time from " + formatDuration(least) + " to " + formatDuration(most) +
                                ", in seconds or as \"250 ms\", \"5 min\", \"2 h\", \"14 days\"";
    std::optional<base::Duration> time;
    std::string written;
    if (const auto *integer = node.as_integer()) {
        written = std::to_string(integer->get());
        // More seconds than this would not fit, and are out of every range.
        constexpr std::int64_t secondsMax = 1'000'000'000;
        if (integer->get() >= 0 && integer->get() <= secondsMax) {
            time = std::chrono::seconds(integer->get());
        }
    } else if (const auto *text = node.as_string()) {
        written = text->get();
        time = parseDuration(text->get());
    } else {
        return wrongType(node, allowed);
    }
    if (!time || *time < least || *time > most) {
        return wrongValue(written, allowed);
    }
    target = *time;
    return std::nullopt;
}

/// Calls `take` for the text, or for each text of the list, until it complains.
template <class Take>
Complaint readTexts(const toml::node &node, bool single, const std::string &allowed, Take take)
{
    if (const auto *text = node.as_string(); text && single) {
        return take(text->get());
    }
    const auto *list = node.as_array();
    if (!list) {
        return wrongType(node, allowed);
    }
    for (const toml::node &item : *list) {
        const auto *text = item.as_string();
        if (!text) {
            return "has " + std::string(typeName(item)) + " in its list; allowed is " + allowed;
        }
        if (Complaint complaint = take(text->get())) {
            return complaint;
        }
    }
    return std::nullopt;
}

/// Reads the value of one key by its kind.
struct KeyReader {
    const toml::node &node;
    Config &config;

    Complaint operator()(const BoolKey &key) const
    {
        const auto *value = node.as_boolean();
        if (!value) {
            return wrongType(node, "true or false");
        }
        key.at(config) = value->get();
        return std::nullopt;
    }

    Complaint operator()(const TextKey &key) const
    {
        const auto *value = node.as_string();
        if (!value) {
            return wrongType(node, key.allowed);
        }
        if (!key.valid(value->get())) {
            return wrongValue(value->get(), key.allowed);
        }
        key.at(config) = value->get();
        return std::nullopt;
    }

    Complaint operator()(const TextListKey &key) const
    {
        std::vector<std::string> texts;
        const std::string allowed = "a list of: " + std::string(key.allowed);
        const Complaint complaint = readTexts(node, false, allowed, [&](const std::string &text) -> Complaint {
            if (!key.valid(text)) {
                return wrongValue(text, allowed);
            }
            texts.push_back(text);
            return std::nullopt;
        });
        if (!complaint) {
            key.at(config) = std::move(texts);
        }
        return complaint;
    }

    Complaint operator()(const ListenKey &key) const
    {
        std::vector<ListenAddress> addresses;
        const std::string allowed =
            "\"address:port\" with a numeric address (\"127.0.0.1:5222\", \"[::]:5222\", \"*:5222\"), a list of "
            "them, or []";
        const Complaint complaint = readTexts(node, true, allowed, [&](const std::string &text) -> Complaint {
            const auto address = parseListenAddress(text);
            if (!address) {
                return wrongValue(text, allowed);
            }
            addresses.push_back(*address);
            return std::nullopt;
        });
        if (!complaint) {
            key.at(config) = std::move(addresses);
        }
        return complaint;
    }

    Complaint operator()(const NumberKey &key) const
    {
        return readNumber(node, {nullptr, LimitUnit::Count, key.least, key.most}, key.at(config));
    }

    Complaint operator()(const TimeKey &key) const { return readTime(node, key.least, key.most, key.at(config)); }

    Complaint operator()(const LevelKey &key) const
    {
        constexpr std::string_view allowed = "\"debug\", \"info\", \"warning\" or \"error\"";
        const auto *value = node.as_string();
        if (!value) {
            return wrongType(node, allowed);
        }
        const auto found = std::ranges::find(levelNames(), std::string_view(value->get()), &LevelName::name);
        if (found == levelNames().end()) {
            return wrongValue(value->get(), allowed);
        }
        key.at(config) = found->level;
        return std::nullopt;
    }
};

/// From here on domains are compared with those of addresses.
void prepareDomains(Config &config)
{
    config.domain = prepareDomain(config.domain).value_or(config.domain);
    for (std::string &host : config.auth.anonymousHosts) {
        host = prepareDomain(host).value_or(host);
    }
}

class Reader
{
public:
    Reader(std::string name, Config &config)
        : m_name(std::move(name))
        , m_config(config)
    {
    }

    void readAll(const toml::table &root)
    {
        readSection(root, "");
        const auto relations = checkRelations(m_config.limits);
        if (!relations) {
            complain(relations.error().context());
        }
        if (m_config.tls.certificate.empty() != m_config.tls.key.empty()) {
            complain("tls.certificate and tls.key: one is set without the other");
        }
        prepareDomains(m_config);
        if (std::ranges::find(m_config.auth.anonymousHosts, m_config.domain) != m_config.auth.anonymousHosts.end()) {
            complain("auth.anonymous_hosts: '" + m_config.domain +
                     "' is the domain of the accounts; allowed are further domains");
        }
    }

    void complainAt(const toml::node &node, const std::string &words)
    {
        m_complaints.emplace(node.source().begin.line, words);
    }

    /// Of keys that do not fit together, at the last one of those that the words name: what is above it was fine.
    void complain(const std::string &words)
    {
        std::uint32_t line = 1;
        for (const auto &[key, where] : m_lines) {
            line = words.find(key) != std::string::npos ? std::max(line, where) : line;
        }
        m_complaints.emplace(line, words);
    }

    /// One line each, in the order of the file.
    std::string complaints() const
    {
        std::string text;
        for (const auto &[line, words] : m_complaints) {
            text += (text.empty() ? "" : "\n") + m_name + ":" + std::to_string(line) + ": " + words;
        }
        return text;
    }

private:
    void readSection(const toml::table &table, std::string_view section)
    {
        for (const auto &[key, node] : table) {
            const std::string_view name = key.str();
            if (section.empty() && isSection(name)) {
                if (const toml::table *inner = node.as_table()) {
                    readSection(*inner, name);
                } else {
                    complainAt(node, std::string(name) + ": is a section, write [" + std::string(name) + "]");
                }
                continue;
            }
            const std::string dotted = (section.empty() ? "" : std::string(section) + ".") + std::string(name);
            const std::optional<Complaint> complaint = readKey(section, name, node);
            m_lines[dotted] = node.source().begin.line;
            if (!complaint) {
                complainAt(node, dotted + unknown(section, name));
            } else if (*complaint) {
                complainAt(node, dotted + ": " + **complaint);
            }
        }
    }

    static bool isSection(std::string_view name)
    {
        return std::ranges::find(sectionTable(), name, &SectionSpec::name) != sectionTable().end();
    }

    /// Nothing when there is no such key.
    std::optional<Complaint> readKey(std::string_view section, std::string_view name, const toml::node &node)
    {
        for (const KeySpec &key : keyTable()) {
            if (key.section == section && key.name == name) {
                return std::visit(KeyReader{node, m_config}, key.kind);
            }
        }
        const auto limit = std::ranges::find(limitTable(), name, &LimitSpec::name);
        if (section != "limits" || limit == limitTable().end()) {
            return std::nullopt;
        }
        if (const auto *number = std::get_if<NumberLimit>(&limit->value)) {
            return readNumber(node, *number, m_config.limits.*number->member);
        }
        const auto &time = std::get<TimeLimit>(limit->value);
        return readTime(node, time.least, time.most, m_config.limits.*time.member);
    }

    /// Names the key that was meant: the same one in another section, else one that is written alike in this one.
    static std::string unknown(std::string_view section, std::string_view name)
    {
        const std::vector<std::string> all = configKeys();
        const std::string prefix = section.empty() ? "" : std::string(section) + ".";
        const std::string dotted = prefix + std::string(name);
        std::vector<std::string_view> here;
        for (const std::string &key : all) {
            const bool top = key.find('.') == std::string::npos;
            if (section.empty() ? top : key.starts_with(prefix)) {
                here.push_back(key);
            }
        }
        if (section.empty()) {
            for (const SectionSpec &known : sectionTable()) {
                if (!known.name.empty()) {
                    here.push_back(known.name);
                }
            }
        }
        for (const std::string &key : all) {
            if (key.substr(key.find('.') + 1) == name) {
                return ": unknown key; did you mean '" + key + "'?";
            }
        }
        if (const auto meant = nearest(dotted, here)) {
            return ": unknown key; did you mean '" + std::string(*meant) + "'?";
        }
        std::string known;
        for (const std::string_view key : here) {
            known += (known.empty() ? "" : ", ") + std::string(key);
        }
        return ": unknown key; allowed is " + known;
    }

    std::string m_name;
    Config &m_config;
    std::map<std::string, std::uint32_t> m_lines; ///< of the keys that the file has
    std::multimap<std::uint32_t, std::string> m_complaints;
};

void makeAbsolute(Config &config)
{
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::absolute(config.file, error).parent_path();
    for (std::string *path :
         {&config.dataDir, &config.tls.certificate, &config.tls.key, &config.modules.pluginDir, &config.web.folder}) {
        if (!path->empty()) {
            *path = (folder / *path).lexically_normal().string();
        }
    }
}

} // namespace

base::Result<Config> parseConfig(std::string_view text, const std::string &name)
{
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::parse_error &error = parsed.error();
        return base::Error(base::ErrorCode::InvalidInput, name + ":" + std::to_string(error.source().begin.line) +
                                                              ": not TOML: " + std::string(error.description()));
    }
    Config config;
    Reader reader(name, config);
    reader.readAll(parsed.table());
    if (!reader.complaints().empty()) {
        return base::Error(base::ErrorCode::InvalidInput, reader.complaints());
    }
    config.file = name;
    makeAbsolute(config);
    return config;
}

base::Result<Config> loadConfig(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        const std::string why = std::strerror(errno);
        return base::Error(base::ErrorCode::NotFound, "cannot read the configuration " + path + ": " + why);
    }
    std::ostringstream text;
    text << file.rdbuf();
    // A folder opens like a file and fails only here.
    const bool isFolder = std::filesystem::is_directory(path);
    if (isFolder || file.bad() || text.bad()) {
        return base::Error(base::ErrorCode::Io,
                           "cannot read the configuration " + path + (isFolder ? ": it is a folder" : ""));
    }
    return parseConfig(text.str(), path);
}

} // namespace godwit::config
