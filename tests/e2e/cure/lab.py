"""`tlsmedic lab serve` for as long as a test runs."""

import json
import subprocess


class Lab:
    def __init__(self, program, faults, seconds=300):
        self.command = [program, "lab", "serve", "--for", str(seconds), "--json", *faults]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE)
        text = ""
        while not text.endswith("\n}\n"):
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the lab ended: " + text)
            text += line
        answer = json.loads(text)
        self.proxy = answer["proxy"]
        self.sites = {site["id"]: site for site in answer["sites"]}
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
