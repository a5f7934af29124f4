"""Hard rules, one file each: `check(case, plan) -> list[Violation]`."""
