"""What is annotated: sources, articles, revisions, zones, intake."""
