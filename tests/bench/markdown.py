# SPDX-License-Identifier: GPL-3.0-or-later
"""What report and simulate write."""


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()
