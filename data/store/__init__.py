"""What the service keeps: cases, jobs and checked plans in one SQL database. All SQL of the product is here."""
