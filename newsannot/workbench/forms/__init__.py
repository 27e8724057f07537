"""What is sent, checked; what is shown, shaped. Nothing here saves."""
