// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "plugins/PluginFolder.h"

#include "base/Log.h"

#include <QDir>
#include <QLibrary>
#include <QPluginLoader>

namespace godwit::plugins
{

using base::Error;
using base::ErrorCode;

PluginFolder::PluginFolder() = default;

PluginFolder::~PluginFolder() = default;

base::Result<std::unique_ptr<PluginFolder>> PluginFolder::load(const std::string &folder)
{
    const QDir directory(QString::fromStdString(folder));
    if (!directory.exists()) {
        return Error(ErrorCode::NotFound, "there is no plugin folder " + folder);
    }
    std::unique_ptr<PluginFolder> plugins(new PluginFolder);
    for (const QString &name : directory.entryList(QDir::Files, QDir::Name)) {
        const QString path = directory.absoluteFilePath(name);
        if (!QLibrary::isLibrary(path)) {
            continue;
        }
        auto loader = std::make_unique<QPluginLoader>(path);
        auto *plugin = qobject_cast<ModulePlugin *>(loader->instance());
        if (!plugin) {
            return Error(ErrorCode::InvalidInput, path.toStdString() + " is no module plugin of this version: " +
                                                      loader->errorString().toStdString());
        }
        base::log(base::LogLevel::Info, "plugins", "loaded", {{"file", path.toStdString()}});
        plugins->m_plugins.push_back(plugin);
        plugins->m_loaders.push_back(std::move(loader));
    }
    return plugins;
}

std::vector<std::unique_ptr<modules::Module>> PluginFolder::makeModules() const
{
    std::vector<std::unique_ptr<modules::Module>> modules;
    modules.reserve(m_plugins.size());
    for (ModulePlugin *plugin : m_plugins) {
        modules.push_back(plugin->make());
    }
    return modules;
}

} // namespace godwit::plugins
