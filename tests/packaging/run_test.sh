#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# packaging/run without a display: accounts are made once, the conversation arrives, a signal stops all of it, and the
# second start goes on where the first ended.
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/packaging/check.sh
. "$tree/tests/packaging/check.sh"
unset DISPLAY WAYLAND_DISPLAY
export GODWIT_RUN_DIR="$work/data of run"

# start FILE: packaging/run with its output in FILE, until it says that it stays up or ends.
start() {
    "$tree/packaging/run" >"$1" 2>&1 &
    pid=$!
    until grep -q '^The server stays up' "$1" || ! kill -0 $pid 2>/dev/null; do read -r -t 0.05 <> <(:); done
}

stop() {
    kill "-$1" "$pid"
    wait "$pid"
    equal "$1 stops it" 0 $?
    contains "$1: and it says so" stopped "$(tail -n 1 "$2")"
    # The pipes of the clients' output end after them.
    local tries=0
    while pgrep -f "$GODWIT_RUN_DIR" >/dev/null && [ $tries -lt 100 ]; do
        read -r -t 0.05 <> <(:)
        tries=$((tries + 1))
    done
    equal "$1: nothing is left running" "" "$(pgrep -af "$GODWIT_RUN_DIR")"
}

fetch() {
    python3 -c 'import sys, urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1]).read())' "$1" 2>&1
}

start "$work/first"
out=$(cat "$work/first")
contains "the first message is accepted" "alice | own 1 " "$out"
contains "bob gets it" "Hello Bob, are you there?" "$(grep '^bob | in ' "$work/first")"
contains "alice gets the answer" "Yes, Alice." "$(grep '^alice | in ' "$work/first")"
contains "and it is said" "every message was accepted and arrived" "$out"
equal "passwords are the user's alone" "600 600" "$(stat -c %a "$GODWIT_RUN_DIR/accounts" "$GODWIT_RUN_DIR/alice.password" | paste -sd' ')"
equal "two accounts" "alice@localhost bob@localhost" "$(cut -d' ' -f1 "$GODWIT_RUN_DIR/accounts" | paste -sd' ')"
page=$(sed -n 's/^the web page is //p' "$work/first")
contains "the web page is served" "converse.min.js" "$(fetch "$page")"
equal "and its client" "converse-loaded" "$(fetch "${page}converse/converse.min.js" | grep -o converse-loaded | head -n 1)"
contains "for this server" '"domain":"localhost"' "$(fetch "${page}web-client.json")"
contains "a second run on the same folder is refused" "another packaging/run uses" "$("$tree/packaging/run" 2>&1 </dev/null)"
accounts=$(cat "$GODWIT_RUN_DIR/accounts")
stop TERM "$work/first"

# As an older run left it.
sed -i 's/^http = .*/http = []/; /^\[web\]/,/^folder/d' "$GODWIT_RUN_DIR/godwitd.toml"
start "$work/second"
contains "an old configuration gets its web page" "is from before there was a web page" "$(cat "$work/second")"
page=$(sed -n 's/^the web page is //p' "$work/second")
contains "and it is served" "converse.min.js" "$(fetch "$page")"
equal "the accounts stay" "$accounts" "$(cat "$GODWIT_RUN_DIR/accounts")"
contains "the second run talks too" "every message was accepted and arrived" "$(cat "$work/second")"
stop TERM "$work/second"

sed -i 's/^http = .*/http = []/' "$GODWIT_RUN_DIR/godwitd.toml"
start "$work/third"
contains "one that was changed is left alone, and that is said" "no web page: " "$(cat "$work/third")"
contains "so there is none" "http = []" "$(cat "$GODWIT_RUN_DIR/godwitd.toml")"
stop TERM "$work/third"
if [ "$failures" != 0 ]; then
    cat "$work/first" "$work/second" "$work/third"
    tail -n 40 "$GODWIT_RUN_DIR/godwitd.log"
fi
finish
