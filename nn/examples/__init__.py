"""Networks trained on real data, each a short program."""
