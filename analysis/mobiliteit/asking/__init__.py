"""A question about career success, asked by hand: parsed, answered, and told in plain words."""
