"""What is measured, by a command: quality, speed, scale."""
