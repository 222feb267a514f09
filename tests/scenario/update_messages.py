"""Write the messages of the broken files again: ``python -m tests.scenario.update_messages``.

Read the difference afterwards: it is what a planner will read.
"""

import os

from tests.scenario.invalid import ROOT, broken_files, expected_file, message_of


def main() -> None:
    """Write each broken file's message beside it, and remove those of files that are gone."""
    os.chdir(ROOT)
    expected = {expected_file(path): message_of(path) for path in broken_files()}
    for file in (ROOT / "scenarios" / "invalid").glob("*.txt"):
        if file not in expected:
            file.unlink()
    for file, message in expected.items():
        file.write_text(message, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
