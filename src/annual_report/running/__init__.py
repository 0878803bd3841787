"""Run an edition: the plan, the fingerprints, the kernels, the executors, the record of the run."""
