// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string_view>

namespace godwit::store::migrations
{

/// Version 2 of main.db: the tokens of XEP-0484. HT needs them readable; who reads this file has the SCRAM keys, too.
inline constexpr std::string_view main002 = R"sql(
CREATE TABLE token(
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    device TEXT NOT NULL,        -- user-agent id of SASL2
    slot INTEGER NOT NULL,       -- 0: current, 1: next
    mechanism TEXT NOT NULL,
    secret BLOB NOT NULL,
    expires INTEGER NOT NULL,    -- microseconds since 1970
    count INTEGER NOT NULL,
    PRIMARY KEY(account, device, slot)
) WITHOUT ROWID;
)sql";

} // namespace godwit::store::migrations
