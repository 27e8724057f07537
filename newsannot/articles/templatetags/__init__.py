"""What the templates of articles need."""
