#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# The way into a build root, on a root that is this machine's own folders bound to another place. It needs the right to
# mount and is skipped (status 77) without it.
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/packaging/check.sh
. "$tree/tests/packaging/check.sh"
if [ "${1:-}" != inside ]; then
    before=$(cat /proc/self/mountinfo)
    if unshare -m --propagation private true 2>/dev/null; then
        unshare -m --propagation private bash "$0" inside || fail "inside"
    elif [ -e /etc/godwit-root ] && unshare -m --propagation unchanged true 2>/dev/null; then
        # In a build root, whose mounts are private already, "/" is no mount point; one is made that is.
        mkdir "$work/machine"
        unshare -m --propagation unchanged bash -c 'mount --rbind / "$1" && exec chroot "$1" bash "$0" inside' \
            "$tree/tests/packaging/enter_test.sh" "$work/machine" || fail "inside"
    else
        echo "skipped: no right to mount"
        exit 77
    fi
    equal "no mounts are left behind" "$before" "$(cat /proc/self/mountinfo)"
    finish
fi

# A root with the system's folders and nothing else, in a namespace that ends with this process.
root="$work/root"
for folder in /usr /bin /sbin /lib /lib64 /etc /var; do
    if [ -L "$folder" ]; then
        mkdir -p "$root" && ln -s "$(readlink "$folder")" "$root$folder"
    elif [ -d "$folder" ]; then
        mkdir -p "$root$folder" && mount --bind "$folder" "$root$folder"
    fi
done
mkdir -p "$root/usr/local" "$root/opt" "$root/root"
enter=("$tree/packaging/lib/enter" "$root" "$tree")

equal "standard output" hello "$("${enter[@]}" echo hello)"
equal "standard input" whole "$(echo whole | "${enter[@]}" cat)"
"${enter[@]}" sh -c 'exit 9'
equal "exit status" 9 $?
"${enter[@]}" sleep 1000 &
pid=$!
until [ "$(cat /proc/$pid/comm)" = sleep ]; do read -r -t 0.02 <> <(:); done
contains "the process is the command, in the root" "$root" "$(readlink "/proc/$pid/root")"
mounts=$(cat "/proc/$pid/mountinfo")
contains "/proc is bound" " / /proc " "$mounts"
kill -TERM "$pid"
wait "$pid"
equal "signals" 143 $?
equal "the tree is at its path" "$(sha256sum <"$tree/LICENSE")" "$("${enter[@]}" sha256sum <"$tree/LICENSE")"
mkdir -p "$work/a b"
equal "working directory" "$work/a b" "$(cd "$work/a b" && "${enter[@]}" pwd)"
for folder in /dev/shm /run /tmp /proc; do
    equal "$folder is the machine's" "$(stat -c %d:%i $folder)" "$("${enter[@]}" stat -c %d:%i $folder)"
done
equal "the process id namespace is the caller's" "$(readlink /proc/self/ns/pid)" "$("${enter[@]}" readlink /proc/self/ns/pid)"
equal "two at once" "1 2" "$({ "${enter[@]}" echo 1 & "${enter[@]}" echo 2 & wait; } | sort | paste -sd' ')"
umount -R "$root"/* 2>/dev/null
finish
