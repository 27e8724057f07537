"""Filters of the workbench's templates."""
