"""What is true of every claim about a text: readings, annotations, spans, mentions, history."""
