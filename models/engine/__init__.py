"""Where heavy work runs: this process, processes beside it, or a Ray cluster; the results are the same."""
