"""Pure rules of threats: what follows from codes already given, from words of condition and from words of time."""
