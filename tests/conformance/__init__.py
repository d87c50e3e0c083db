"""
Lays n8nlite beside n8n's own test cases: `python -m tests.conformance DIR`.

The folder of cases is not part of this repository; its README.md has the formats. Each group of
cases has a module here with a `check(case)` that yields what differs, a line each.
"""
