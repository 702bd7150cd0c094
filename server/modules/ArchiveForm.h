// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The question of an archive query: the form (XEP-0313 §4.1, XEP-0068) and the page (XEP-0059).
#pragma once

#include "base/Result.h"
#include "ledger/LogStore.h"
#include "xml/Document.h"

#include <string>
#include <string_view>

namespace godwit::modules
{

/// A page holds at most this many results, whatever the client asks for; limits.history_page_max changes it.
inline constexpr std::size_t archivePageMaxDefault = 250;
inline constexpr std::size_t archivePageDefault = 100;

struct ArchiveRequest {
    ledger::ArchiveQuery query;
    std::string queryId;
    bool flip = false; ///< mam:2#extended flip-page: newest first
};

/// InvalidInput for a form that is none of XEP-0313's or a value that does not read; NotFound for an id that was never
/// in this archive (XEP-0313 §4.3.1).
base::Result<ArchiveRequest> parseArchiveRequest(xml::ElementView query, const std::string &account,
                                                 const ledger::StanzaIds &ids, std::size_t pageMax);

/// `<query><x type='form'>` with the fields that are understood (§4.1.5).
void writeArchiveForm(std::string &out);

} // namespace godwit::modules
