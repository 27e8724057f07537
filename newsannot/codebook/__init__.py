"""Code lists and guidelines, versioned."""
