"""Pure rules about texts: no Django, no database, code points throughout."""
