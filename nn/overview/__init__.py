"""A model at a glance: its layers, what they give, their parameters and their work.

work      multiply-adds of a call of a layer, counted from shapes
overview  `summary`, and the `Summary` that it gives
"""

from nn.overview.overview import Row, Summary, summary

__all__ = ["Row", "Summary", "summary"]
