"""Records of somebody being reported to say something."""
