# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# What packaging/run does once the programs are built: a server, two accounts, and the app or two console clients.
# Sourced by packaging/run.

tryFolder=${GODWIT_RUN_DIR:-${XDG_DATA_HOME:-${HOME:-/root}/.local/share}/godwit-run}
tryDomain=localhost
tryServer=''
tryWeb=''
tryClients=()

# say for what the user shall read: the run's own output.
tell() { printf '%s\n' "$*"; }

tryMain() {
    mkdir -p "$tryFolder" || die "cannot make the data folder $tryFolder"
    chmod 700 "$tryFolder"
    exec 8>"$tryFolder/.lock"
    flock -n 8 || die "another packaging/run uses $tryFolder; stop it first, or set GODWIT_RUN_DIR to another folder"
    trap tryStop EXIT
    trap 'exit 0' INT TERM HUP
    tryPrepare
    tryServe
    tryAccounts
    tell "godwitd serves $tryDomain on $tryAddress; accounts and passwords: $tryFolder/accounts"
    if [ -e "$tryFolder/web/index.html" ] && [ -n "$tryWeb" ]; then
        tell "the web page is http://$tryWeb/"
    fi
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        tryWindow
    else
        tryConversation
    fi
    tell "The server stays up; Ctrl-C stops it."
    wait "$tryServer"
    die "godwitd ended by itself; its log is $tryFolder/godwitd.log"
}

# The configuration, on ports that are free now and stay the same in later runs.
tryPrepare() {
    local port=5222 web=5280
    if [ ! -e "$tryFolder/godwitd.toml" ]; then
        while tryTaken $port; do port=$((port + 1)); done
        while tryTaken $web; do web=$((web + 1)); done
        cat >"$tryFolder/godwitd.toml.new" <<END
# Made by packaging/run; "godwitd config" prints every key with its meaning.
domain = "$tryDomain"
data_dir = "$tryFolder/data"

[listen]
c2s = "127.0.0.1:$port"
c2s_tls = []
http = "127.0.0.1:$web"
https = []
s2s = []

[web]
folder = "$tryFolder/web"

# Everything stays on this machine, so the clients need no certificate to trust.
[tls]
require = false
END
        mv "$tryFolder/godwitd.toml.new" "$tryFolder/godwitd.toml"
    fi
    tryRenew
    tryAddress=$(sed -n 's/^c2s = "\(.*\)"$/\1/p' "$tryFolder/godwitd.toml")
    tryWeb=$(sed -n 's/^http = "\(.*\)"$/\1/p' "$tryFolder/godwitd.toml")
    if [ -z "$tryWeb" ]; then
        tell "no web page: $tryFolder/godwitd.toml has no line like http = \"127.0.0.1:5280\" in [listen]"
    fi
    for port in "${tryAddress##*:}" ${tryWeb##*:}; do
        if tryTaken "$port"; then
            die "port $port of $tryFolder/godwitd.toml is taken by another program; change it there, or stop that one"
        fi
    done
    # The page of this checkout, or an empty folder.
    mkdir -p "$godwitTree/build/release/web"
    ln -sfn "$godwitTree/build/release/web" "$tryFolder/web"
    if [ ! -e "$tryFolder/data/.made" ]; then
        godwitd --config "$tryFolder/godwitd.toml" init "$tryDomain" || die "godwitd init failed"
        touch "$tryFolder/data/.made"
    fi
}

# A configuration from before there was a web page gets what it lacks. One that was changed there is left as it is.
tryRenew() {
    local config=$tryFolder/godwitd.toml web=5280
    if ! grep -qxF 'http = []' "$config" || grep -q '^\[web\]' "$config"; then return; fi
    while tryTaken $web; do web=$((web + 1)); done
    cp -p "$config" "$config.old"
    sed "s/^http = \[\]\$/http = \"127.0.0.1:$web\"/" "$config.old" >"$config.new"
    printf '\n[web]\nfolder = "%s"\n' "$tryFolder/web" >>"$config.new"
    mv "$config.new" "$config"
    tell "$config is from before there was a web page: [web] and http are added, the old one is $config.old"
}

tryTaken() {
    [ -n "$(ss -Hltn "sport = :$1")" ]
}

tryServe() {
    godwitd --config "$tryFolder/godwitd.toml" serve >>"$tryFolder/godwitd.log" 2>&1 8>&- </dev/null &
    tryServer=$!
    local tries=0
    until tryTaken "${tryAddress##*:}"; do
        kill -0 "$tryServer" 2>/dev/null || {
            tail -n 5 "$tryFolder/godwitd.log" >&2
            die "godwitd did not start; its log is $tryFolder/godwitd.log"
        }
        tries=$((tries + 1))
        [ $tries -lt 300 ] || die "godwitd does not listen on $tryAddress after 30 s; its log is $tryFolder/godwitd.log"
        sleep 0.1
    done
}

# Two accounts with passwords nobody chose, written down for this user only.
tryAccounts() {
    local name password
    if [ -e "$tryFolder/accounts" ]; then return; fi
    (
        umask 077
        for name in alice bob; do
            password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
            printf '%s' "$password" >"$tryFolder/$name.password"
            godwitd --config "$tryFolder/godwitd.toml" user add "$name@$tryDomain" <"$tryFolder/$name.password" ||
                die "cannot make the account $name@$tryDomain"
            printf '%s@%s %s\n' "$name" "$tryDomain" "$password" >>"$tryFolder/accounts.new"
        done
        mv "$tryFolder/accounts.new" "$tryFolder/accounts"
    ) || exit $?
}

tryWindow() {
    tell "opening godwit as alice@$tryDomain; bob@$tryDomain can sign in from another client or from a console:"
    tell "    packaging/exec godwit --console alice@$tryDomain --account bob@$tryDomain --server $tryAddress \\"
    tell "        --allow-plaintext --password-file $tryFolder/bob.password --data-dir $tryFolder/clients/bob"
    godwit --account "alice@$tryDomain" --server "$tryAddress" --allow-plaintext \
        --password-file "$tryFolder/alice.password" --data-dir "$tryFolder/clients/alice" 8>&- &
    tryClients+=($!)
}

# tryConsole NAME PEER: a console client; what is written to the fifo NAME.in is said, what it prints gets its name and is
# kept in NAME.out.
tryConsole() {
    local name=$1 peer=$2
    rm -f "$tryFolder/$name.in"
    mkfifo -m 600 "$tryFolder/$name.in"
    : >"$tryFolder/$name.out"
    godwit --console "$peer@$tryDomain" --account "$name@$tryDomain" --server "$tryAddress" --allow-plaintext \
        --password-file "$tryFolder/$name.password" --data-dir "$tryFolder/clients/$name" \
        <"$tryFolder/$name.in" > >(tee "$tryFolder/$name.out" | sed -u "s/^/$name | /") 2>&1 8>&- &
    tryClients+=($!)
}

# tryAwait NAME PATTERN COUNT: until NAME has printed COUNT lines like this; ends the run when that takes too long.
tryAwait() {
    local began=$SECONDS
    until [ "$(grep -cE -- "$2" "$tryFolder/$1.out")" -ge "$3" ]; do
        if [ $((SECONDS - began)) -ge 30 ]; then
            die "$1's client has not printed '$2' $3 times in 30 s; logs are in $tryFolder"
        fi
        sleep 0.1
    done
}

# Two lines there, one back, each followed to its receiver; the clients print every state of every message.
tryConversation() {
    tell "no display: alice and bob talk through console clients, which print each state of each message"
    tryConsole alice bob
    exec 6>"$tryFolder/alice.in"
    tryConsole bob alice
    exec 7>"$tryFolder/bob.in"
    tryAwait alice '^conn online' 1
    tryAwait bob '^conn online' 1
    printf '%s\n' "Hello Bob, are you there?" "The server stored this before it said so." >&6
    tryAwait alice '^own [0-9]+ (accepted|delivered|read) ' 2
    tryAwait bob '^in ' 2
    printf '%s\n' "Yes, Alice. Both are here." >&7
    tryAwait bob '^own [0-9]+ (accepted|delivered|read) ' 1
    tryAwait alice '^in ' 1
    tell "every message was accepted and arrived"
}

# Clients first, so that they say goodbye, then the server; nothing is left running.
tryStop() {
    trap - EXIT
    trap '' INT TERM HUP
    exec 6>&- 7>&-
    local tries pid
    for pid in "${tryClients[@]}" $tryServer; do
        kill -TERM "$pid" 2>/dev/null || continue
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        kill -KILL "$pid" 2>/dev/null && say "process $pid had to be killed"
        wait "$pid" 2>/dev/null
    done
    if [ -n "$tryServer" ]; then tell "stopped"; fi
}
