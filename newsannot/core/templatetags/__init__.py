"""How values are shown, the same on every page."""
