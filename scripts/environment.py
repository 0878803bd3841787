"""Print the folder of the commands to use, after setting up what they need.

This file is read by whatever Python is called python3, however old: it holds nothing but the
check of its version, in words that every Python understands. The work is in bootstrap.py.
"""

import sys

OLDEST = (3, 11)


def main():
    """Print the folder, or say in one line why there is none."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "annual-report: Python %d.%d at %s is too old: install Python %d.%d or newer, "
            "or name one with make PYTHON=/path/to/python3\n"
            % (sys.version_info[0], sys.version_info[1], sys.executable, OLDEST[0], OLDEST[1])
        )
        return 1
    import bootstrap

    return bootstrap.main()


if __name__ == "__main__":
    sys.exit(main())
