"""The screens and what they answer."""
