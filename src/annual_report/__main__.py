"""`python -m annual_report` is the command `annual-report`."""

from annual_report.cli import main

if __name__ == "__main__":
    main()
