// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"
#include "plugins/Plugin.h"

#include <memory>
#include <string>
#include <vector>

class QPluginLoader;

namespace godwit::plugins
{

/// The plugins of a folder, loaded once and never unloaded while a module of theirs lives.
class PluginFolder
{
public:
    /// Loads every library in `folder`, in the order of their names. NotFound when there is no such folder,
    /// InvalidInput when a library in it is no module plugin of this version: a server that starts without a feature it
    /// was told to have would surprise its operator.
    static base::Result<std::unique_ptr<PluginFolder>> load(const std::string &folder);
    ~PluginFolder();

    /// A set of modules for one shard.
    std::vector<std::unique_ptr<modules::Module>> makeModules() const;
    std::size_t size() const noexcept { return m_plugins.size(); }

private:
    PluginFolder();
    std::vector<std::unique_ptr<QPluginLoader>> m_loaders;
    std::vector<ModulePlugin *> m_plugins; ///< owned by their loaders
};

} // namespace godwit::plugins
