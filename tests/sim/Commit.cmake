# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# cmake -DTREE=... -DOUT=... -P Commit.cmake: writes the commit of the tree into a source file, if it changed.
execute_process(COMMAND git -C "${TREE}" describe --always --dirty --exclude=* --abbrev=12
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT "${OUT}" CONTENT [[
#include "Commit.h"

const char *const godwit::sim::commit = "@commit@";
]] @ONLY)
