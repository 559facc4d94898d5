# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of tests/bench/run recorded, a line each:

    machine NAME VALUE        of the machine
    fact NAME NUMBER          of what was printed and marked
    peer NAME VERSION         who was here
    bytes ROW NUMBER          what a row wrote
    row ROW wall=S cpu=S …    once a round; see measure.c and job
"""
import statistics


class Recording:
    def __init__(self, path):
        self.machine, self.facts, self.peers = {}, {}, {}
        self.bytes, self.rows = {}, {}
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                self.take(*line.split(None, 2))

    def take(self, kind, name, rest):
        rest = rest.strip()
        if kind == "row":
            measured = self.rows.setdefault(name, {})
            for word in rest.split():
                unit, _, number = word.partition("=")
                measured.setdefault(unit, []).append(float(number))
        elif kind in ("bytes", "fact"):
            of = self.bytes if kind == "bytes" else self.facts
            of[name] = int(rest)
        else:
            of = {"machine": self.machine, "peer": self.peers}[kind]
            of[name] = rest

    def has(self, row):
        return row in self.rows

    def median(self, row, unit):
        return statistics.median(self.rows[row][unit])

    def rounds(self, row):
        return max(len(each) for each in self.rows[row].values())
