// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The commit that this program was built from, with "-dirty" behind it when the tree had changes; "unknown" outside of
// a repository. Its source is written by Commit.cmake before each build.
#pragma once

namespace godwit::sim
{

extern const char *const commit;

} // namespace godwit::sim
