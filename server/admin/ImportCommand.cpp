// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// `user import`: lines are read in blocks, those that make an account are hashed on all cores while the next block is
// read, and what is hashed is stored in the order of the file, many to one commit.
#include "admin/Commands.h"
#include "admin/ImportLine.h"
#include "admin/Reach.h"
#include "base/Random.h"
#include "crypto/HashingPool.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <unistd.h>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

/// Lines that are asked about, hashed and stored together.
constexpr std::size_t blockLines = 64;
/// Passwords at the hashing threads: so many that they never wait for the store.
constexpr std::size_t hashingMax = 512;
/// Existing accounts that are named; the rest is only counted.
constexpr std::size_t skipsNamedMax = 20;
constexpr std::chrono::milliseconds progressTime(500);
constexpr std::size_t progressLines = 1'000;

/// Reads a file line by line without holding more than one.
class LineReader
{
public:
    explicit LineReader(std::FILE *file)
        : m_file(file)
    {
    }
    ~LineReader() { std::free(m_line); }
    LineReader(const LineReader &) = delete;
    LineReader &operator=(const LineReader &) = delete;

    /// Nothing at the end.
    std::optional<std::string_view> next()
    {
        const ssize_t size = ::getline(&m_line, &m_capacity, m_file);
        if (size < 0) {
            m_failure = std::ferror(m_file) != 0 ? errno : 0;
            return std::nullopt;
        }
        ++m_number;
        std::string_view line(m_line, static_cast<std::size_t>(size));
        if (m_number == 1 && line.starts_with("\xef\xbb\xbf")) {
            line.remove_prefix(3);
        }
        return line;
    }
    std::size_t number() const { return m_number; }
    /// Why next() ended, or 0.
    int failure() const { return m_failure; }

private:
    std::FILE *m_file;
    char *m_line = nullptr;
    std::size_t m_capacity = 0;
    std::size_t m_number = 0;
    int m_failure = 0;
};

/// How far it is, on standard error.
class Progress
{
public:
    explicit Progress(bool terminal)
        : m_terminal(terminal)
    {
    }
    /// A line that stays.
    void say(const std::string &words)
    {
        clear();
        std::fprintf(stderr, "%s\n", words.c_str());
    }
    void tell(std::size_t lines, std::size_t made)
    {
        const auto now = std::chrono::steady_clock::now();
        if (m_terminal ? now - m_told < progressTime : lines < m_toldLines + progressLines) {
            return;
        }
        m_told = now;
        m_toldLines = lines;
        clear();
        std::fprintf(stderr, "%zu lines, %zu accounts, %.0f/s%s", lines, made, rate(made), m_terminal ? "" : "\n");
        m_shown = m_terminal;
        std::fflush(stderr);
    }
    void clear()
    {
        if (std::exchange(m_shown, false)) {
            std::fputs("\r\x1b[K", stderr);
        }
    }
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_began).count(); }
    double rate(std::size_t made) const { return static_cast<double>(made) / std::max(seconds(), 0.001); }

private:
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point m_told = m_began;
    std::size_t m_toldLines = 0;
};

class Import
{
public:
    Import(const config::Config &config, Control &control, PutMode mode, std::FILE *file)
        : m_config(config)
        , m_control(control)
        , m_mode(mode)
        , m_lines(file)
        , m_progress(::isatty(STDERR_FILENO) != 0)
    {
    }

    /// An error ends the import; what was stored stays.
    Result<Ok> run();
    Exit summary(const Result<Ok> &result);

private:
    struct Line {
        std::size_t number;
        ImportLine account;
    };
    /// A password that is being hashed.
    struct Job {
        std::size_t number;
        std::string jid;
        std::optional<Result<crypto::HashingPool::Keys>> keys;
    };

    Result<bool> readBlock();
    Result<Ok> hash(std::vector<Line> &block);
    Result<Ok> storeReady();
    void bad(std::size_t line, const Error &error);
    void skip(std::size_t line, const std::string &jid);

    const config::Config &m_config;
    Control &m_control;
    PutMode m_mode;
    LineReader m_lines;
    Progress m_progress;
    base::SystemRandom m_random;
    StoreMail m_mail;       ///< answers of the pool
    std::deque<Job> m_jobs; ///< in the order of the file
    std::size_t m_made = 0;
    std::size_t m_skipped = 0;
    std::size_t m_bad = 0;
    /// Last, so that its threads end before what they answer to does.
    crypto::HashingPool m_pool{{}};
};

void Import::bad(std::size_t line, const Error &error)
{
    ++m_bad;
    m_progress.say("line " + std::to_string(line) + ": " + error.text());
}

void Import::skip(std::size_t line, const std::string &jid)
{
    if (++m_skipped <= skipsNamedMax) {
        m_progress.say("line " + std::to_string(line) + ": " + jid + " exists, skipped");
    }
    if (m_skipped == skipsNamedMax) {
        m_progress.say("further accounts that exist are only counted");
    }
}

Result<bool> Import::readBlock()
{
    std::vector<Line> block;
    std::vector<std::string> jids;
    bool more = true;
    while (block.size() < blockLines) {
        const std::optional<std::string_view> text = m_lines.next();
        if (!text) {
            more = false;
            break;
        }
        auto line = parseImportLine(*text, m_config.domain);
        if (!line) {
            bad(m_lines.number(), line.error());
        } else if (*line) {
            jids.push_back((*line)->jid);
            block.push_back({m_lines.number(), std::move(**line)});
        }
    }
    if (m_lines.failure() != 0) {
        return Error(ErrorCode::Io, std::string("the file cannot be read on: ") + std::strerror(m_lines.failure()));
    }
    if (m_mode == PutMode::Add && !jids.empty()) {
        // Hashing is what costs: nothing is hashed for an account that exists.
        const auto known = m_control.known(jids);
        if (!known) {
            return known.error();
        }
        std::vector<Line> unknown;
        for (std::size_t i = 0; i < block.size(); ++i) {
            if ((*known)[i]) {
                skip(block[i].number, jids[i]);
            } else {
                unknown.push_back(std::move(block[i]));
            }
        }
        block = std::move(unknown);
    }
    auto done = hash(block);
    return done ? Result<bool>(more) : Result<bool>(done.error());
}

Result<Ok> Import::hash(std::vector<Line> &block)
{
    constexpr crypto::Hash hashes[] = {crypto::Hash::Sha1, crypto::Hash::Sha256, crypto::Hash::Sha512};
    for (Line &line : block) {
        m_jobs.push_back({line.number, std::move(line.account.jid), {}});
        // A deque's elements stay where they are while it changes at its ends.
        Job *job = &m_jobs.back();
        m_pool.derive(
            std::move(line.account.password),
            crypto::makeRecipes(hashes, static_cast<std::uint32_t>(m_config.auth.scramIterations), m_random),
            [this](std::function<void()> task) { m_mail.post(std::move(task)); },
            [job](Result<crypto::HashingPool::Keys> keys) { job->keys.emplace(std::move(keys)); });
    }
    return Ok{};
}

Result<Ok> Import::storeReady()
{
    const std::size_t wanted = std::min(m_jobs.size(), blockLines);
    m_mail.waitFor([&] {
        for (std::size_t i = 0; i < wanted; ++i) {
            if (!m_jobs[i].keys) {
                return false;
            }
        }
        return true;
    });
    std::vector<AccountKeys> accounts;
    for (std::size_t i = 0; i < wanted; ++i) {
        auto &keys = *m_jobs[i].keys;
        if (!keys) {
            return keys.error();
        }
        accounts.push_back({m_jobs[i].jid, accounts::Credentials{std::move(*keys), false}});
    }
    const auto answers = m_control.put(accounts, m_mode);
    if (!answers) {
        return answers.error();
    }
    for (std::size_t i = 0; i < wanted; ++i) {
        const Result<Ok> &answer = (*answers)[i];
        if (answer) {
            ++m_made;
        } else if (answer.error().code() == ErrorCode::AlreadyExists) {
            skip(m_jobs[i].number, m_jobs[i].jid);
        } else if (answer.error().code() == ErrorCode::InvalidInput) {
            bad(m_jobs[i].number, answer.error());
        } else {
            return answer.error();
        }
    }
    m_jobs.erase(m_jobs.begin(), m_jobs.begin() + static_cast<std::ptrdiff_t>(wanted));
    m_progress.tell(m_lines.number(), m_made);
    return Ok{};
}

Result<Ok> Import::run()
{
    bool more = true;
    while (more || !m_jobs.empty()) {
        if (more && m_jobs.size() < hashingMax) {
            const auto read = readBlock();
            if (!read) {
                return read.error();
            }
            more = *read;
        } else if (auto stored = storeReady(); !stored) {
            return stored;
        }
    }
    return Ok{};
}

Exit Import::summary(const Result<Ok> &result)
{
    m_progress.clear();
    std::printf("%zu accounts %s in %.1f s (%.0f/s), %zu existed and were skipped, %zu bad lines\n", m_made,
                m_mode == PutMode::Add ? "made" : "made or changed", m_progress.seconds(), m_progress.rate(m_made),
                m_skipped, m_bad);
    std::fflush(stdout);
    if (!result) {
        return fail(Error(result.error().code(), "the import ended early, run it again to go on", result.error()));
    }
    if (m_bad > 0) {
        return fail(Error(ErrorCode::InvalidInput, "some lines could not be used; they are named above"));
    }
    return Exit::Done;
}

} // namespace

Exit userImportCommand(const Arguments &arguments)
{
    const auto config = configurationFor(arguments);
    if (!config) {
        return fail(config.error());
    }
    const std::string &name = arguments.operands.front();
    std::FILE *file = name == "-" ? stdin : std::fopen(name.c_str(), "re");
    if (file == nullptr) {
        return fail(Error(ErrorCode::Io, "cannot read " + name + ": " + std::strerror(errno)));
    }
    Exit status = Exit::Failed;
    if (auto owner = workAsOwner(*config); !owner) {
        status = fail(owner.error());
    } else if (const auto reached = reach(*config, StoreNeed::Make); !reached) {
        status = fail(reached.error());
    } else {
        Import import(*config, *reached->control, arguments.replace ? PutMode::Replace : PutMode::Add, file);
        const Result<Ok> result = import.run();
        status = import.summary(result);
    }
    if (file != stdin) {
        std::fclose(file);
    }
    return status;
}

} // namespace godwit::admin
