# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# What the shell tests of this folder share: a folder for files in $work, checks that count, and the end.
work=$(mktemp -d "${TMPDIR:-/tmp}/godwit-test-XXXXXX")
trap 'rm -rf "$work"' EXIT
checks=0
failures=0

fail() {
    failures=$((failures + 1))
    printf 'FAIL: %s\n' "$*"
}

# equal DESCRIPTION EXPECTED ACTUAL
equal() {
    checks=$((checks + 1))
    if [ "$2" != "$3" ]; then
        fail "$1"
        printf '    expected: %s\n    actual:   %s\n' "$2" "$3"
    fi
}

# contains DESCRIPTION PART WHOLE
contains() {
    checks=$((checks + 1))
    case $3 in
    *"$2"*) ;;
    *)
        fail "$1"
        printf '    expected: %s\n    in:       %s\n' "$2" "$3"
        ;;
    esac
}

finish() {
    printf '%d checks, %d failed\n' "$checks" "$failures"
    [ "$failures" = 0 ] && [ "$checks" -gt 0 ]
    exit
}
