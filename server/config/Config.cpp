// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "config/Config.h"

#include "config/Keys.h"

#include <cstdlib>
#include <filesystem>

namespace godwit::config
{

namespace
{

std::string tomlText(std::string_view text)
{
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
        }
        result += letter;
    }
    return result + '"';
}

std::string listed(const std::vector<std::string> &texts)
{
    std::string result = "[";
    for (const std::string &text : texts) {
        result += (result.size() > 1 ? ", " : "") + tomlText(text);
    }
    return result + ']';
}

/// The default of a key as TOML, and the words on what it may be.
struct DefaultPrinter {
    Config config;

    std::string operator()(const BoolKey &key) { return key.at(config) ? "true" : "false"; }
    std::string operator()(const TextKey &key) { return tomlText(key.at(config)); }
    std::string operator()(const TextListKey &key) { return listed(key.at(config)); }
    std::string operator()(const NumberKey &key) { return std::to_string(key.at(config)); }
    std::string operator()(const TimeKey &key) { return tomlText(formatDuration(key.at(config))); }
    std::string operator()(const ListenKey &key)
    {
        std::vector<std::string> texts;
        for (const ListenAddress &address : key.at(config)) {
            texts.push_back(address.text());
        }
        return texts.size() == 1 ? tomlText(texts.front()) : listed(texts);
    }
    std::string operator()(const LevelKey &key)
    {
        for (const LevelName &level : levelNames()) {
            if (level.level == key.at(config)) {
                return tomlText(level.name);
            }
        }
        return tomlText("info");
    }
};

void appendComment(std::string &text, std::string_view words)
{
    constexpr std::size_t lineMax = 116;
    while (!words.empty()) {
        std::size_t size = words.size();
        if (size > lineMax) {
            const std::size_t space = words.rfind(' ', lineMax);
            size = space == std::string_view::npos ? lineMax : space;
        }
        text += "# ";
        text += words.substr(0, size);
        text += '\n';
        words.remove_prefix(size);
        if (words.starts_with(' ')) {
            words.remove_prefix(1);
        }
    }
}

void appendLimits(std::string &text)
{
    const Limits defaults;
    for (const LimitSpec &limit : limitTable()) {
        std::string words(limit.words);
        std::string value;
        if (const auto *number = std::get_if<NumberLimit>(&limit.value)) {
            words += " (" + formatNumber(number->least, number->unit) + " to " +
                     formatNumber(number->most, number->unit) + ")";
            value = formatNumber(defaults.*number->member, number->unit);
            value = value.find(' ') == std::string::npos ? value : tomlText(value);
        } else {
            const auto &time = std::get<TimeLimit>(limit.value);
            words += " (" + formatDuration(time.least) + " to " + formatDuration(time.most) + ")";
            value = tomlText(formatDuration(defaults.*time.member));
        }
        appendComment(text, words);
        text += "#" + std::string(limit.name) + " = " + value + "\n";
    }
}

} // namespace

std::string Config::dataPath(const std::string &path) const
{
    return (std::filesystem::path(dataDir) / path).string();
}

std::optional<base::Duration> Config::retentionTime() const
{
    return parseDuration(storage.retention);
}

std::string Config::sqlitePath() const
{
    constexpr std::string_view scheme = "sqlite:";
    const std::string path = storage.url.starts_with(scheme) ? storage.url.substr(scheme.size()) : std::string();
    return path.empty() ? dataDir : dataPath(path);
}

std::optional<std::string> findConfigFile()
{
    if (const char *named = std::getenv("GODWITD_CONFIG"); named && *named) {
        return std::string(named);
    }
    for (const char *path : {"godwitd.toml", "/etc/godwit/godwitd.toml"}) {
        std::error_code error;
        if (std::filesystem::exists(path, error)) {
            return std::string(path);
        }
    }
    return std::nullopt;
}

std::string defaultConfigText(const std::string &domain)
{
    std::string text = "# Configuration of godwitd. Every key is here with its default; remove the # to change one.\n";
    DefaultPrinter printer;
    for (const SectionSpec &section : sectionTable()) {
        text += '\n';
        if (!section.name.empty()) {
            appendComment(text, section.words);
            text += "[" + std::string(section.name) + "]\n";
        }
        for (const KeySpec &key : keyTable()) {
            if (key.section == section.name) {
                const bool set = key.name == "domain" && !domain.empty();
                appendComment(text, key.words);
                text += (set ? "" : "#") + std::string(key.name) + " = " +
                        (set ? tomlText(domain) : std::visit(printer, key.kind)) + "\n";
            }
        }
        if (section.name == "limits") {
            appendLimits(text);
        }
    }
    return text;
}

std::vector<std::string> configKeys()
{
    std::vector<std::string> names;
    for (const KeySpec &key : keyTable()) {
        names.push_back((key.section.empty() ? "" : std::string(key.section) + ".") + std::string(key.name));
    }
    for (const LimitSpec &limit : limitTable()) {
        names.push_back("limits." + std::string(limit.name));
    }
    return names;
}

} // namespace godwit::config
