"""Pure rules of review: how readings are aligned and compared, and the words decisions are answered with."""
