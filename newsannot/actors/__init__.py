"""Who is mentioned: actors and their names."""
