"""A run from draft to report: the run file, the plan, the engine, recovery and results."""
