"""Start the warm parent. Tiny, because each child of it inherits what stands here."""

from annual_report.running.kernels.forkserver import main

if __name__ == "__main__":
    main()
