"""Expected hours, worked out a second time from the written rules alone."""
