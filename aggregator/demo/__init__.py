"""A replay of the three official sites on loopback, with a clock."""
