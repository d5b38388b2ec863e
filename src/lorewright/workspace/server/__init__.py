"""What a running server keeps open, and the small rules that every use case shares."""
