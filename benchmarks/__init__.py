"""What the design promises of speed, measured; `make bench` runs it all."""
