#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# The contract of packaging/exec: scripts outside the tree start programs through it and believe that they started the
# program itself. Runs inside an environment (ctest) or by hand on a machine that needs a build root.
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/packaging/check.sh
. "$tree/tests/packaging/check.sh"
run=("$tree/packaging/exec")
"${run[@]}" true || fail "packaging/exec true works"

# --- streams, status, arguments
equal "standard output is the command's alone" "hello" "$("${run[@]}" echo hello 2>/dev/null)"
equal "standard input is the command's, whole" "$(seq 1 5000 | sha256sum)" "$(seq 1 5000 | "${run[@]}" sha256sum)"
"${run[@]}" sh -c 'exit 7'
equal "exit status is the command's" 7 $?
"${run[@]}" godwit-no-such-command 2>/dev/null
equal "a command that does not exist" 127 $?
# shellcheck disable=SC2016 # for the inner shell
equal "arguments are kept" '[a b][][*][$x][-n]' "$("${run[@]}" bash -c 'printf "[%s]" "$@"' - 'a b' '' '*' '$x' -n)"
"${run[@]}" 2>/dev/null
equal "without a command" 125 $?

# --- what the command finds
mkdir -p "$work/a b ü"
equal "working directory with blanks" "$work/a b ü" "$(cd "$work/a b ü" && "${run[@]}" pwd)"
# shellcheck disable=SC2016 # for the inner shell
equal "variables are kept" $'x y\nz' "$(VALUE=$'x y\nz' "${run[@]}" bash -c 'printf %s "$VALUE"')"
equal "nothing is added to the environment" "$(env | grep ^GODWIT_)" "$("${run[@]}" env | grep ^GODWIT_)"
for odd in /nonexistent "" . "a b:/x::"; do
    equal "PATH '$odd' of the caller" ok "$(PATH=$odd "${run[@]}" bash -c 'cat /dev/null && ls / >/dev/null && echo ok')"
done
equal "no PATH at all" ok "$(/usr/bin/env -u PATH "${run[@]}" echo ok)"
equal "built programs come first" "$tree/build/release/bin" "$("${run[@]}" printenv PATH | cut -d: -f1)"
equal "PATH does not grow" "$("${run[@]}" printenv PATH)" "$("${run[@]}" "${run[@]}" printenv PATH)"
for program in godwitd godwit godwit-load; do
    if [ -x "$tree/build/release/bin/$program" ]; then
        equal "$program is found" "$tree/build/release/bin/$program" "$("${run[@]}" bash -c "command -v $program")"
    fi
done

# --- the process is the caller's child itself
mkfifo "$work/said"
processEnds() { # DESCRIPTION SIGNAL STATUS SCRIPT
    local pid word status
    "${run[@]}" bash -c "$4" >"$work/said" &
    pid=$!
    read -r word <"$work/said"
    equal "$1: process id" "$pid" "$word"
    kill "-$2" "$pid"
    wait "$pid"
    status=$?
    equal "$1: status" "$3" "$status"
}
# shellcheck disable=SC2016 # for the inner shell
processEnds "SIGTERM ends it" TERM 143 'echo $$; exec >&-; exec sleep 1000'
# shellcheck disable=SC2016
processEnds "SIGTERM reaches its handler" TERM 42 'trap "exit 42" TERM; echo $$; exec >&-; while :; do sleep 0.02; done'
# shellcheck disable=SC2016
processEnds "SIGHUP reaches its handler" HUP 43 'trap "exit 43" HUP; echo $$; exec >&-; while :; do sleep 0.02; done'
# shellcheck disable=SC2016
processEnds "SIGKILL ends it" KILL 137 'echo $$; exec >&-; exec sleep 1000'
signals() { grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; }
equal "signal dispositions" "$(signals)" "$("${run[@]}" grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status)"
for space in pid net ipc uts user; do
    equal "the caller's $space namespace" "$(readlink /proc/self/ns/$space)" "$("${run[@]}" readlink /proc/self/ns/$space)"
done
equal "no descriptors beside the caller's" "$(ls /proc/self/fd)" "$("${run[@]}" ls /proc/self/fd)"
equal "limits" "$(ulimit -n; umask)" "$("${run[@]}" bash -c 'ulimit -n; umask')"

# --- the machine
before=$(cat /proc/self/mountinfo)
"${run[@]}" true
equal "no mounts are left behind" "$before" "$(cat /proc/self/mountinfo)"
echo shared >"$work/file"
equal "files of the machine are at their paths" shared "$("${run[@]}" cat "$work/file")"
touch "/dev/shm/godwit-test-$$"
"${run[@]}" test -e "/dev/shm/godwit-test-$$"
equal "/dev/shm is the machine's" 0 $?
rm -f "/dev/shm/godwit-test-$$"
equal "hosts are the machine's" "$(cat /etc/hosts)" "$("${run[@]}" cat /etc/hosts)"
equal "name servers are the machine's" "$(cat /etc/resolv.conf)" "$("${run[@]}" cat /etc/resolv.conf)"

# --- building
for i in 1 2 3 4 5 6; do
    "${run[@]}" echo "out $i" >"$work/out$i" 2>"$work/err$i" &
done
wait
equal "six at once" "out 1 out 2 out 3 out 4 out 5 out 6" "$(cat "$work"/out? | tr '\n' ' ' | sed 's/ $//')"
out=$(GODWIT_PRESET=no-such-preset "${run[@]}" echo started 2>/dev/null)
equal "a failed build: status" 125 $?
equal "a failed build: the command is not started" "" "$out"
rm -rf "$tree/build/no-such-preset"
exec 7>"$tree/build/release/.lock"
flock 7
"${run[@]}" echo started >"$work/waits" 2>"$work/waits.err" 7>&- &
waiting=$!
until grep -q 'waiting for it' "$work/waits.err" 2>/dev/null; do read -r -t 0.05 <> <(:); done
kill -TERM "$waiting"
wait "$waiting"
equal "a signal while it waits for another build ends it" 143 $?
exec 7>&-
equal "and the command is not started" "" "$(cat "$work/waits")"
finish
