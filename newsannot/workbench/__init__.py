"""The analysts' screen: htmx views over readings and their annotations."""
