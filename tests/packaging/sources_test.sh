#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# Which apt entries of a machine are taken for the build root, and what becomes of them.
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/packaging/check.sh
. "$tree/tests/packaging/check.sh"
convert() { awk -v from=bookworm -v to=trixie -v foreign="$foreign" -f "$tree/packaging/lib/sources.awk" "$@"; }
foreign=''

cat >"$work/old.list" <<'END'
# deb http://mirror.example/commented bookworm main
deb http://mirror.example/debian/ bookworm main contrib # a remark
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian bookworm-updates main
	deb   http://mirror.example/security	bookworm-security   main
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/debian bookworm-backports main
deb http://third.example/apt stable main
deb http://third.example/flat ./
END
equal "one-line entries" 'Types: deb
URIs: http://mirror.example/debian/
Suites: trixie
Components: main contrib

Types: deb
URIs: http://mirror.example/debian
Suites: trixie-updates
Components: main
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
URIs: http://mirror.example/security
Suites: trixie-security
Components: main' "$(convert "$work/old.list")"

cat >"$work/new.sources" <<'END'
# what the machine came with
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main
# a remark between fields
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb-src
URIs: http://mirror.example/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://mirror.example/off
Suites: bookworm
Components: main

Types: deb
URIs: http://third.example/node
Suites: nodistro
Components: main
END
equal "paragraphs" 'Types: deb
URIs: http://mirror.example/debian
Suites: trixie
Components: main
Signed-By: 
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://mirror.example/debian
Suites: trixie-updates
Components: main
Signed-By: 
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----' "$(convert "$work/new.sources")"

printf 'deb http://third.example/docker/ bookworm main\ndeb http://mirror.example/debian bookworm main\n' >"$work/mixed.list"
foreign='http://third.example/docker bookworm|http://third.example/other sid|'
equal "a third party that uses the release's name" 'Types: deb
URIs: http://mirror.example/debian
Suites: trixie
Components: main' "$(convert "$work/mixed.list")"
foreign=''

equal "both formats together" 6 "$(convert "$work/old.list" "$work/new.sources" "$work/mixed.list" | grep -c '^Suites: trixie\($\|-[us]\)' | awk '{ print $1 - 1 }')"
: >"$work/empty.list"
printf 'deb http://third.example/apt stable main\n' >"$work/third.list"
equal "nothing to take" "" "$(convert "$work/empty.list" "$work/third.list")"
finish
