"""Pages of the actors, for everybody who annotates, and the search the forms ask."""
