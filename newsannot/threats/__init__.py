"""Records of somebody threatening somebody."""
