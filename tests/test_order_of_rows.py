"""Whatever order the rows of all tables and the rules come in, the same plan comes out, to the byte."""

from __future__ import annotations

import json
import random

import pytest
from briefs_by_hand import BRIEF, FEWER, history

import mediaplan as mp
from mediaplan.answering import Records, respond
from mediaplan.history.reading.ratecards import read_rates
from mediaplan.history.reading.reading import File

POSTS = """post,status,value,published
cartable,ready,1,2026-09-01
uniforme,ready,1,2026-09-01
chaussures,ready,1,2026-09-01
jumeau,ready,1,2026-09-01
jumelle,ready,1,2026-09-01
"""
AUDIENCES = "audience,size,value\nparents,4000,2\njeunes,9000,1\nvoisins,9000,1\n"
CARD = """post,channel,cost,results,up_to,whole
cartable,radio,900,1,20,
uniforme,radio,900,1,20,
cartable,affiche,700,1,9,yes
uniforme,affiche,700,1,9,yes
"""
SHARE = '\n[[rule]]\nis = "share"\nchannel = "instagram"\nat_least = 0.3\n'
COUNT = '\n[[rule]]\nis = "posts"\nat_most = 3\n'
QUESTIONS = {
    "plain": SHARE,
    "steps and counts": FEWER + SHARE + COUNT,
    "per audience": '\n[[rule]]\nis = "spend"\nper = "audience"\nat_most = 25_000\n' + SHARE,
}


def shuffled(text: str, seed: int) -> bytes:
    """The table with its rows in another order; 0 = as it is."""
    head, *rows = text.splitlines()
    if seed:
        random.Random(seed).shuffle(rows)
    return "\n".join([head, *rows, ""]).encode()


def planned(rules: str, seed: int, *, card: bool = False) -> str:
    """The plan's document without the digest of the files, which are other files."""
    brief = mp.parse_brief(BRIEF + rules)
    past = mp.read_history(File("h.csv", shuffled(history(), seed)), currency="XOF")
    posts = mp.read_posts(File("p.csv", shuffled(POSTS, seed)))
    audiences = mp.read_audiences(File("a.csv", shuffled(AUDIENCES, seed)))
    rates = read_rates(File("r.csv", shuffled(CARD, seed))) if card else None
    response = respond(brief, Records(past, posts, audiences, None, rates))
    document = mp.plan(brief, response).to_dict()
    document.pop("source")
    return json.dumps(document)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_order_of_rows_changes_no_byte_of_the_plan(question):
    first = planned(QUESTIONS[question], 0)
    for seed in (1, 2, 3):
        assert planned(QUESTIONS[question], seed) == first


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_of_a_rate_card_changes_no_byte_of_the_plan(seed):
    assert planned(COUNT, seed, card=True) == planned(COUNT, 0, card=True)
