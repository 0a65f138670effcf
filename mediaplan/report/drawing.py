"""Small pictures as inline SVG: no script, no font, no request; colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

BAR_HEIGHT = 6


def bar(share: float) -> Markup:
    """A bar filled from the left; hidden from screen readers, for its figure always stands beside it.

    Args:
        share: 0–1 of the full width.
    """
    width = round(100 * min(max(share, 0.0), 1.0), 2)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 {height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="{height}"/><rect class="fill" width="{width}" height="{height}"/></svg>'
    ).format(height=BAR_HEIGHT, width=width)


def interval(
    intervals: Mapping[float, tuple[float, float]], mean: float, ends: tuple[float, float], said: str
) -> Markup:
    """What may come as a line with bands: the more likely, the darker; a tick at the expectation.

    Args:
        intervals: Level (0–1) -> low and high.
        mean: The expectation.
        ends: Least and most of the scale, least < most.
        said: What the picture shows, for those who can't see it.
    """
    least, most = ends
    scale = 300 / (most - least)
    bands = Markup("").join(
        Markup(
            '<rect class="band band-{place}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}"/>'
        ).format(
            place=place,
            x=round((low - least) * scale, 1),
            y=10 - thick / 2,
            width=round(max((high - low) * scale, 1), 1),
            height=thick,
            round=thick / 2,
        )
        for place, thick, (low, high) in _stacked(intervals)
    )
    return Markup(
        '<svg class="interval" viewBox="0 0 300 20" preserveAspectRatio="none" role="img" aria-label="{said}">'
        '<line class="axis" x1="0" x2="300" y1="10" y2="10"/>{bands}'
        '<rect class="mean" x="{at}" y="1" width="2.5" height="18"/></svg>'
    ).format(said=said, bands=bands, at=round((mean - least) * scale - 1.25, 1))


def curve(points: Sequence[tuple[float, float]], marked: int | None, said: str) -> Markup:
    """A curve through points from (0, 0), each with a dot.

    Args:
        points: At least one, both numbers ≥ 0, from left to right.
        marked: The place of the point that stands out; `None` = none.
        said: What the picture shows, for those who can't see it.
    """
    right, top = max(x for x, _ in points) or 1.0, max(y for _, y in points) or 1.0
    placed = [(round(10 + 580 * x / right, 1), round(170 - 150 * max(y, 0.0) / top, 1)) for x, y in points]
    dots = Markup("").join(
        Markup('<circle class="{kind}" cx="{x}" cy="{y}" r="{size}"/>').format(
            kind="dot marked" if place == marked else "dot", x=x, y=y, size=7 if place == marked else 4
        )
        for place, (x, y) in enumerate(placed)
    )
    return Markup(
        '<svg class="curve" viewBox="0 0 600 180" role="img" aria-label="{said}">'
        '<line class="axis" x1="10" x2="590" y1="170" y2="170"/><polyline points="{path}"/>{dots}</svg>'
    ).format(said=said, path=" ".join(f"{x},{y}" for x, y in [(10.0, 170.0), *placed]), dots=dots)


def course(points: Sequence[tuple[float, float, float]], said: str) -> Markup:
    """What went on from left to right, with its interval around it and a line at 1, what is usual.

    Args:
        points: At least one: value, low, high, each ≥ 0.
        said: What the picture shows, for those who can't see it.
    """
    top, step = max(1.0, *(high for _, _, high in points)), 580 / max(len(points) - 1, 1)

    def place(at: int, value: float) -> str:
        return f"{round(10 + step * at, 1)},{round(170 - 150 * value / top, 1)}"

    over = [place(at, high) for at, (_, _, high) in enumerate(points)]
    under = [place(at, low) for at, (_, low, _) in enumerate(points)]
    return Markup(
        '<svg class="curve" viewBox="0 0 600 180" role="img" aria-label="{said}">'
        '<line class="axis" x1="10" x2="590" y1="{usual}" y2="{usual}"/><polygon class="around" points="{around}"/>'
        '<polyline points="{path}"/>{dots}</svg>'
    ).format(
        said=said,
        usual=round(170 - 150 / top, 1),
        around=" ".join([*over, *reversed(under)]),
        path=" ".join(place(at, value) for at, (value, _, _) in enumerate(points)),
        dots=Markup("").join(
            Markup('<circle class="dot" cx="{}" cy="{}" r="4"/>').format(*place(at, value).split(","))
            for at, (value, _, _) in enumerate(points)
        ),
    )


def scale_of(intervals: Sequence[Mapping[float, tuple[float, float]]]) -> tuple[float, float]:
    """Least and most that hold all those intervals, with a little room; 0–1 without any."""
    bounds = [bound for by_level in intervals for pair in by_level.values() for bound in pair]
    least, most = min(bounds, default=0.0), max(bounds, default=1.0)
    room = 0.06 * (most - least) or 1.0
    return max(least - room, 0.0) if least >= 0 else least - room, most + room


def _stacked(intervals: Mapping[float, tuple[float, float]]) -> list[tuple[int, float, tuple[float, float]]]:
    """Place, thickness and ends of each band, the widest first so that the narrower lie on it."""
    thicknesses = (4.0, 8.0, 12.0)
    return [
        (min(place, 2), thicknesses[min(place, 2)], intervals[level])
        for place, level in enumerate(sorted(intervals, reverse=True))
    ]
