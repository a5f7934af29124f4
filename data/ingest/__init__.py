"""Reading cases: one folder of CSV files or one workbook, checked completely before anything runs."""
