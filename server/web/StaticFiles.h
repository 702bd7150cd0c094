// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The files of a folder as they were at the start (or the last reload): held in memory, so that no request waits for a
// disk and no path of a request ever becomes a path of the file system. What shrinks is held compressed as well, packed
// once and not for each request.
#pragma once

#include "base/Result.h"
#include "http/Request.h"
#include "http/Response.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace godwit::web
{

class StaticFiles
{
public:
    /// Reads the folder with all below it; hidden files and links are left out. Fails with NotFound, Io or, when there
    /// is more than `bytesMax`, LimitExceeded.
    static base::Result<std::shared_ptr<const StaticFiles>> load(const std::string &folder, std::size_t bytesMax);

    /// "/" and paths that end in a slash have the index.html of their folder.
    bool has(std::string_view path) const;
    /// Only where has(). `policy` is the Content-Security-Policy.
    http::Response serve(const http::Request &request, std::string_view policy) const;

    std::size_t size() const noexcept { return m_files.size(); }

private:
    struct File {
        std::string bytes;
        std::string packed; ///< with gzip; empty: not worth it
        std::string tag;    ///< changes with the bytes
        std::string packedTag;
        std::string_view type;
    };
    const File *find(std::string_view path) const;

    std::map<std::string, File, std::less<>> m_files; ///< "/index.html"
};

} // namespace godwit::web
