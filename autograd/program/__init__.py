"""Scalar code at array speed: a trace re-rolled into steps on arrays."""
