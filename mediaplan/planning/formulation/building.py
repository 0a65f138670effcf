"""A Program as it is put together: columns and rows one block after the other."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.formulation.program import Program

Array = NDArray[np.float64]
Index = NDArray[np.intp]


class Builder:
    """Columns and rows as they are added, in coordinate form."""

    def __init__(self) -> None:
        self.columns: list[tuple[Array, Array, Array, NDArray[np.bool_]]] = []
        self.entries: list[tuple[Index, Index, Array]] = []
        self.limits: list[tuple[Array, Array]] = []
        self.width = 0
        self.height = 0

    def add_columns(
        self,
        gain: Array,
        upper: Array,
        lower: Array | None = None,
        *,
        whole: bool | NDArray[np.bool_] = False,
    ) -> Index:
        """Columns with that gain and these limits; their places."""
        count = len(upper)
        self.columns.append(
            (
                np.broadcast_to(gain, count),
                np.zeros(count) if lower is None else lower,
                upper.astype(float),
                np.broadcast_to(np.asarray(whole), count),
            )
        )
        self.width += count
        return np.arange(self.width - count, self.width)

    def add_rows(self, lower: Array, upper: Array) -> Index:
        """Rows with these limits; their places."""
        count = len(lower)
        self.limits.append((lower, upper))
        self.height += count
        return np.arange(self.height - count, self.height)

    def put(self, rows: Index, columns: Index, values: Array | float) -> None:
        """Values where rows and columns meet."""
        self.entries.append((rows, columns, np.broadcast_to(np.asarray(values, dtype=float), rows.shape)))

    def program(self) -> Program:
        """All of it as a Program."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = sp.csr_array(sp.coo_array((values, (rows, columns)), shape=(self.height, self.width)))
        return Program(
            np.concatenate([gain for gain, *_ in self.columns]).astype(float),
            np.concatenate([lower for _, lower, *_ in self.columns]),
            np.concatenate([upper for _, _, upper, _ in self.columns]),
            np.concatenate([whole for *_, whole in self.columns]),
            matrix,
            np.concatenate([low for low, _ in self.limits]),
            np.concatenate([high for _, high in self.limits]),
        )
