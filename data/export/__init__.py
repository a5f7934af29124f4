"""What leaves the product as files: one export a file, and the folder that holds a whole plan."""
