"""Errors, ids, http, paging, jobs and the embedded database: no domain word in it."""
