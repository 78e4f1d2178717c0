"""Reading a supplier's file, whatever its format, without trusting it."""
