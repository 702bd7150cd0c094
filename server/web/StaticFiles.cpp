// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/StaticFiles.h"

#include "base/SipHash.h"
#include "web/Gzip.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace godwit::web
{

namespace
{

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> types = {{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
}};

std::string_view typeOf(std::string_view path)
{
    const auto *found = std::ranges::find_if(types, [path](const auto &type) { return path.ends_with(type.first); });
    return found == types.end() ? "application/octet-stream" : found->second;
}

std::string tagOf(std::string_view bytes)
{
    base::SipHash128 hash{base::SipKey{}};
    hash.update(bytes);
    const base::Hash128 sum = hash.finish();
    return '"' + std::to_string(sum.low) + '-' + std::to_string(sum.high) + '"';
}

} // namespace

base::Result<std::shared_ptr<const StaticFiles>> StaticFiles::load(const std::string &folder, std::size_t bytesMax)
{
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) {
        return base::Error(base::ErrorCode::NotFound, "there is no folder " + folder);
    }
    auto files = std::make_shared<StaticFiles>();
    std::size_t sum = 0;
    fs::recursive_directory_iterator at(folder, failure);
    for (; !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
        const std::string name = at->path().filename().string();
        if (name.starts_with('.')) {
            if (at->is_directory(failure)) {
                at.disable_recursion_pending();
            }
            continue;
        }
        if (at->is_symlink(failure) || !at->is_regular_file(failure)) {
            continue;
        }
        sum += at->file_size(failure);
        if (sum > bytesMax) {
            return base::Error(base::ErrorCode::LimitExceeded, "the files below " + folder + " are too many bytes");
        }
        std::ifstream file(at->path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        if (!file) {
            return base::Error(base::ErrorCode::Io, "cannot read " + at->path().string());
        }
        const std::string path = '/' + fs::relative(at->path(), folder, failure).generic_string();
        File held{text.str(), {}, {}, {}, typeOf(path)};
        held.packed = gzip(held.bytes).value_or(std::string());
        held.tag = tagOf(held.bytes);
        held.packedTag = tagOf(held.packed);
        files->m_files.emplace(path, std::move(held));
    }
    if (failure) {
        return base::Error(base::ErrorCode::Io, "cannot read " + folder + ": " + failure.message());
    }
    return std::shared_ptr<const StaticFiles>(std::move(files));
}

const StaticFiles::File *StaticFiles::find(std::string_view path) const
{
    const auto found = path.ends_with('/') ? m_files.find(std::string(path) + "index.html") : m_files.find(path);
    return found == m_files.end() ? nullptr : &found->second;
}

bool StaticFiles::has(std::string_view path) const
{
    return find(path) != nullptr;
}

http::Response StaticFiles::serve(const http::Request &request, std::string_view policy) const
{
    const File &file = *find(request.path);
    // A weight ("gzip;q=0.5") is not looked at: who sends one gets the file as it is, which everybody takes.
    const bool packs = !file.packed.empty() && request.lists("accept-encoding", "gzip");
    const std::string &tag = packs ? file.packedTag : file.tag;
    http::Response response;
    response.fields = {{"Content-Type", std::string(file.type)},
                       {"ETag", tag},
                       {"Cache-Control", "no-cache"},
                       {"Vary", "Accept-Encoding"},
                       {"Content-Security-Policy", std::string(policy)},
                       {"X-Content-Type-Options", "nosniff"},
                       {"Referrer-Policy", "no-referrer"}};
    // RFC 9110 §13.1.2: a proxy that changed the coding has made the tag a weak one.
    if (request.lists("if-none-match", tag) || request.lists("if-none-match", "W/" + tag) ||
        request.lists("if-none-match", "*")) {
        response.status = http::Status::NotModified;
        return response;
    }
    if (packs) {
        response.fields.push_back({"Content-Encoding", "gzip"});
    }
    response.body = packs ? file.packed : file.bytes;
    return response;
}

} // namespace godwit::web
