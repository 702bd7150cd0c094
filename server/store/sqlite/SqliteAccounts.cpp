// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/SqliteAccounts.h"

#include "store/StoreLimits.h"
#include "store/ThreadName.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::store
{

namespace
{

constexpr std::chrono::milliseconds forEver{3'600'000};

} // namespace

base::Result<std::unique_ptr<AccountThread>> AccountThread::open(const std::string &folder, const std::string &vfs,
                                                                 const base::Clock &clock)
{
    base::Result<AccountTables> tables = AccountTables::open(folder, vfs);
    if (!tables.ok()) {
        return std::move(tables).error();
    }
    return std::unique_ptr<AccountThread>(new AccountThread(std::move(tables).value(), clock));
}

AccountThread::AccountThread(AccountTables &&tables, const base::Clock &clock)
    : m_tables(std::move(tables))
    , m_clock(clock)
{
}

AccountThread::~AccountThread()
{
    stop();
}

void AccountThread::start()
{
    m_thread = std::thread([this] { run(); });
}

void AccountThread::stop()
{
    m_queue.close();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

bool AccountThread::push(Job job)
{
    return m_queue.push([this, job = std::move(job)] { m_jobs.push_back(job); });
}

void AccountThread::run()
{
    nameThread("store-accounts");
    std::vector<Task> tasks;
    while (m_queue.take(tasks, forEver)) {
        for (Task &task : tasks) {
            task();
            if (m_jobs.size() >= limits::accountTasksMax) {
                doJobs();
            }
        }
        doJobs();
    }
}

void AccountThread::doJobs()
{
    const bool writes = std::any_of(m_jobs.begin(), m_jobs.end(), [](const Job &job) { return job.writes; });
    std::optional<base::Error> failure;
    if (writes) {
        m_tables.begin();
    }
    for (Job &job : m_jobs) {
        if (job.writes) {
            m_tables.savepoint();
        }
        job.run(m_tables);
        if (job.writes) {
            m_tables.endSavepoint(job.succeeded());
        }
    }
    if (writes) {
        if (auto done = m_tables.commit(); !done.ok()) {
            failure = std::move(done).error();
        }
    }
    for (Job &job : m_jobs) {
        job.answer(job.writes && failure ? &*failure : nullptr);
    }
    m_jobs.clear();
}

SqliteAccounts::SqliteAccounts(AccountThread &thread, Executor &executor)
    : m_thread(thread)
    , m_executor(executor)
{
}

template <class T, class Query>
void SqliteAccounts::ask(Kind kind, accounts::Callback<T> done, Query query)
{
    // Between the query and the answer the result waits for the commit.
    auto result = std::make_shared<std::optional<base::Result<T>>>();
    Executor *executor = &m_executor;
    AccountThread::Job job;
    job.writes = kind == Kind::Write;
    job.run = [result, query = std::move(query)](AccountTables &tables) { result->emplace(query(tables)); };
    job.succeeded = [result] { return (*result)->ok(); };
    job.answer = [result, executor, done](const base::Error *commitError) {
        if (commitError != nullptr && (*result)->ok()) {
            result->emplace(*commitError);
        }
        executor->post([result, done] { done(std::move(**result)); });
    };
    if (!m_thread.push(std::move(job))) {
        executor->post([done] { done(base::Error(base::ErrorCode::Unavailable, "the store is closed")); });
    }
}

void SqliteAccounts::exists(std::string account, accounts::Callback<bool> done)
{
    ask<bool>(Kind::Read, std::move(done),
              [account = std::move(account)](AccountTables &tables) { return tables.exists(account); });
}

void SqliteAccounts::credentials(std::string account, accounts::Callback<accounts::Credentials> done)
{
    ask<accounts::Credentials>(Kind::Read, std::move(done), [account = std::move(account)](AccountTables &tables) {
        return tables.credentials(account);
    });
}

void SqliteAccounts::create(std::string account, accounts::Credentials credentials, accounts::Callback<base::Ok> done)
{
    const base::Clock &clock = m_thread.clock();
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account), credentials = std::move(credentials), &clock](AccountTables &tables) {
                      return tables.create(account, credentials, clock.wall());
                  });
}

void SqliteAccounts::setCredentials(std::string account, accounts::Credentials credentials,
                                    accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account), credentials = std::move(credentials)](AccountTables &tables) {
                      return tables.setCredentials(account, credentials);
                  });
}

void SqliteAccounts::remove(std::string account, accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account)](AccountTables &tables) { return tables.remove(account); });
}

void SqliteAccounts::list(std::string after, std::size_t limit,
                          accounts::Callback<std::vector<accounts::AccountInfo>> done)
{
    ask<std::vector<accounts::AccountInfo>>(
        Kind::Read, std::move(done),
        [after = std::move(after), limit](AccountTables &tables) { return tables.list(after, limit); });
}

void SqliteAccounts::count(accounts::Callback<std::uint64_t> done)
{
    ask<std::uint64_t>(Kind::Read, std::move(done), [](AccountTables &tables) { return tables.count(); });
}

void SqliteAccounts::tokens(std::string account, std::string device, accounts::Callback<accounts::TokenLogin> done)
{
    ask<accounts::TokenLogin>(Kind::Read, std::move(done),
                              [account = std::move(account), device = std::move(device)](AccountTables &tables) {
                                  return tables.tokens(account, device);
                              });
}

void SqliteAccounts::changeTokens(accounts::TokenChange change, accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [change = std::move(change)](AccountTables &tables) { return tables.changeTokens(change); });
}

void SqliteAccounts::roster(std::string account, accounts::Callback<accounts::Roster> done)
{
    ask<accounts::Roster>(Kind::Read, std::move(done),
                          [account = std::move(account)](AccountTables &tables) { return tables.roster(account); });
}

void SqliteAccounts::putRosterItem(std::string account, accounts::RosterItem item, accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account), item = std::move(item)](AccountTables &tables) {
                      return tables.putRosterItem(account, item);
                  });
}

void SqliteAccounts::removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                                      accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account), jid = std::move(jid), version](AccountTables &tables) {
                      return tables.removeRosterItem(account, jid, version);
                  });
}

void SqliteAccounts::getValue(std::string account, std::string kind, std::string key,
                              accounts::Callback<std::string> done)
{
    ask<std::string>(Kind::Read, std::move(done),
                     [account = std::move(account), kind = std::move(kind),
                      key = std::move(key)](AccountTables &tables) { return tables.value(account, kind, key); });
}

void SqliteAccounts::putValue(std::string account, std::string kind, std::string key, std::string value,
                              accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(
        Kind::Write, std::move(done),
        [account = std::move(account), kind = std::move(kind), key = std::move(key),
         value = std::move(value)](AccountTables &tables) { return tables.putValue(account, kind, key, value); });
}

void SqliteAccounts::removeValue(std::string account, std::string kind, std::string key,
                                 accounts::Callback<base::Ok> done)
{
    ask<base::Ok>(Kind::Write, std::move(done),
                  [account = std::move(account), kind = std::move(kind), key = std::move(key)](AccountTables &tables) {
                      return tables.removeValue(account, kind, key);
                  });
}

void SqliteAccounts::listValues(std::string account, std::string kind,
                                accounts::Callback<std::vector<std::pair<std::string, std::string>>> done)
{
    ask<std::vector<std::pair<std::string, std::string>>>(
        Kind::Read, std::move(done), [account = std::move(account), kind = std::move(kind)](AccountTables &tables) {
            return tables.values(account, kind);
        });
}

} // namespace godwit::store
