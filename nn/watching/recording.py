"""Frames, few enough to keep."""

from __future__ import annotations

from nn.watching.reading import Frame

MOST_FRAMES = 300


class Recording:
    """The frames of a training, from the first to the newest, evenly thinned.

    There are never more than `MOST_FRAMES`: when one more comes every second one is dropped, and
    from then on only every second one is kept.

    Attributes
    ----------
    frames : list of Frame
        Those that are kept; the last is the newest.
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._stride = 1

    def add(self, frame: Frame) -> None:
        """Add the newest frame."""
        if self.frames and not self._stays(self.frames[-1]):
            self.frames.pop()  # it stood there because it was the newest
        self.frames.append(frame)
        if len(self.frames) > MOST_FRAMES:
            self._stride *= 2
            self.frames = [kept for kept in self.frames if kept is frame or self._stays(kept)]

    def _stays(self, frame: Frame) -> bool:
        return (frame.step - 1) % self._stride == 0
