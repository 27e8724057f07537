"""Tags of the editors' pages."""
