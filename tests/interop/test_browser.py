# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The web page that the real server serves, in Chromium; javascript/browser.test.mjs has what is done there. GODWIT_WEB is
the folder that packaging/web/install made, GODWIT_SCREENSHOTS takes pictures of it."""

import os
import pathlib
import unittest

from node import run_file
from server import Server


class Browser(unittest.TestCase):
    def test_converse_js_in_chromium(self):
        web, pictures = (pathlib.Path(os.environ[name]).absolute() for name in ("GODWIT_WEB", "GODWIT_SCREENSHOTS"))
        pictures.mkdir(parents=True, exist_ok=True)
        server = Server(users=["anna", "gerda", "hanna", "ida", "jana"], config=f'[web]\nfolder = "{web}"\n').start()
        self.addCleanup(server.remove)
        run_file(self, server, "browser.test.mjs")


if __name__ == "__main__":
    unittest.main()
