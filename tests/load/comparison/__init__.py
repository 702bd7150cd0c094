# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The parts of tests/load/compare: servers, rows, and the table."""
