// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A module from outside the tree: a Qt plugin that makes modules of the same interface as those that are built in.
// A plugin is built with the headers of the server that loads it; the version in the interface's id says which.
#pragma once

#include "modules/Module.h"

#include <QtPlugin>

namespace godwit::plugins
{

class ModulePlugin
{
public:
    virtual ~ModulePlugin() = default;
    /// A module for one shard; called once for each shard, on the thread that starts the server.
    virtual std::unique_ptr<modules::Module> make() = 0;
};

} // namespace godwit::plugins

#define GODWIT_MODULE_PLUGIN_ID "im.godwit.ModulePlugin/1"
Q_DECLARE_INTERFACE(godwit::plugins::ModulePlugin, GODWIT_MODULE_PLUGIN_ID)
