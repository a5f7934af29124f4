"""The mathematics: forecast, staffing and roster. Knows no files, no web and no database."""
