"""Functions of arrays as users call them, with the names and defaults that PyTorch gives them.

Each makes its arguments canonical and applies operations of the table.
"""
