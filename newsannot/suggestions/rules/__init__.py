"""Pure rules that draft suggestions from a text: quotations, cues, names, conditional threats. No Django."""
