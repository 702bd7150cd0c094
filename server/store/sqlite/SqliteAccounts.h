// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// main.db behind a thread of its own. What waits in its mailbox shares one commit, and is answered after it.
#pragma once

#include "store/TaskQueue.h"
#include "store/sqlite/AccountTables.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace godwit::store
{

class AccountThread
{
public:
    /// Something to do with the tables; gives the answer, which is run once the commit is known to have succeeded
    /// (or not: then with the error).
    struct Job {
        bool writes = false;
        std::function<void(AccountTables &)> run;
        std::function<bool()> succeeded;
        std::function<void(const base::Error *commitError)> answer;
    };

    /// `clock`: wall() is called on this thread.
    static base::Result<std::unique_ptr<AccountThread>> open(const std::string &folder, const std::string &vfs,
                                                             const base::Clock &clock);
    ~AccountThread();
    void start();
    /// Does and answers what was asked, then ends the thread.
    void stop();
    /// Any thread; false when closed.
    [[nodiscard]] bool push(Job job);
    const base::Clock &clock() const { return m_clock; }

private:
    AccountThread(AccountTables &&tables, const base::Clock &clock);
    void run();
    void doJobs();

    AccountTables m_tables;
    const base::Clock &m_clock;
    TaskQueue m_queue;
    std::vector<Job> m_jobs;
    std::thread m_thread;
};

class SqliteAccounts final : public accounts::AccountStore
{
public:
    SqliteAccounts(AccountThread &thread, Executor &executor);

    void exists(std::string account, accounts::Callback<bool> done) override;
    void credentials(std::string account, accounts::Callback<accounts::Credentials> done) override;
    void create(std::string account, accounts::Credentials credentials, accounts::Callback<base::Ok> done) override;
    void setCredentials(std::string account, accounts::Credentials credentials,
                        accounts::Callback<base::Ok> done) override;
    void remove(std::string account, accounts::Callback<base::Ok> done) override;
    void list(std::string after, std::size_t limit,
              accounts::Callback<std::vector<accounts::AccountInfo>> done) override;
    void count(accounts::Callback<std::uint64_t> done) override;
    void tokens(std::string account, std::string device, accounts::Callback<accounts::TokenLogin> done) override;
    void changeTokens(accounts::TokenChange change, accounts::Callback<base::Ok> done) override;
    void roster(std::string account, accounts::Callback<accounts::Roster> done) override;
    void putRosterItem(std::string account, accounts::RosterItem item, accounts::Callback<base::Ok> done) override;
    void removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                          accounts::Callback<base::Ok> done) override;
    void getValue(std::string account, std::string kind, std::string key,
                  accounts::Callback<std::string> done) override;
    void putValue(std::string account, std::string kind, std::string key, std::string value,
                  accounts::Callback<base::Ok> done) override;
    void removeValue(std::string account, std::string kind, std::string key,
                     accounts::Callback<base::Ok> done) override;
    void listValues(std::string account, std::string kind,
                    accounts::Callback<std::vector<std::pair<std::string, std::string>>> done) override;

private:
    enum class Kind : std::uint8_t { Read, Write };
    template <class T, class Query>
    void ask(Kind kind, accounts::Callback<T> done, Query query);

    AccountThread &m_thread;
    Executor &m_executor;
};

} // namespace godwit::store
