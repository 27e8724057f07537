"""The editors' screen: queue, acceptance, return."""
