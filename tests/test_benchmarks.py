"""What the benchmarks race, and by which rules."""

import importlib
from functools import partial

import numpy as np
import pytest

from autograd import Graph
from benchmarks import cnn_step, lstm_step, microgpt, transformer_step
from benchmarks.harness import MICROSECONDS, Candidate, agreeing, race
from benchmarks.workloads.microgpt import tokens_of

NAMES = ("moons", "lstm", "cnn", "nbody")
PROGRAMS = (*NAMES, "microgpt", "random_graph", "digits")
WAYS = ("glassgrad, eager", "NumPy by hand")


def program(name):
    return importlib.import_module(f"benchmarks.workloads.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_a_program_and_the_derivatives_by_hand_agree(name):
    makers = importlib.import_module(f"benchmarks.{name}").makers(partial(program(name).make, 0))
    agreed, failed = agreeing({way: makers[way] for way in WAYS}, WAYS[0])
    assert (list(agreed), failed) == (list(WAYS), [])


@pytest.mark.parametrize("images", cnn_step.IMAGES)
def test_convolutions_and_their_derivatives_by_hand_agree(images):
    ways = ("glassgrad, compiled", *WAYS)
    makers = cnn_step.makers(*cnn_step.IMAGES[images])
    agreed, failed = agreeing({way: makers[way] for way in ways}, WAYS[0], tolerance=1e-4)
    assert (list(agreed), failed) == (list(ways), [])


@pytest.mark.parametrize("name", ["ada", "rosalin"])
def test_microgpt_and_the_derivatives_by_hand_agree(name):
    makers = microgpt.makers()
    agreed, failed = agreeing({way: makers[way] for way in WAYS}, WAYS[0], tokens_of(name))
    assert (list(agreed), failed) == (list(WAYS), [])


def test_a_transformer_and_the_derivatives_by_hand_agree():
    makers = transformer_step.makers()
    agreed, failed = agreeing({way: makers[way] for way in WAYS}, WAYS[0], tolerance=1e-4)
    assert (list(agreed), failed) == (list(WAYS), [])


def test_an_lstm_and_its_cell_agree():
    makers = lstm_step.makers()
    ways = [way for way in makers if way.startswith("glassgrad")]
    agreed, failed = agreeing({way: makers[way] for way in ways}, ways[1], tolerance=1e-4)
    assert (list(agreed), failed) == (ways, [])


@pytest.mark.parametrize("name", PROGRAMS)
def test_another_seed_gives_other_numbers_of_the_same_structure(name):
    (loss, args, parameters), (other, other_args, others) = map(program(name).make, (0, 1))
    first, second = loss(*args), other(*other_args)
    assert loss is other
    assert len(parameters) == len(others)
    assert first.data != second.data
    assert len(Graph(first).nodes) == len(Graph(second).nodes)


def test_redrawing_moves_the_parameters_where_they_are():
    workload = program("lstm").make(0)
    before = workload.loss(*workload.args).data
    workload.redraw(1)
    assert workload.loss(*workload.args).data != before


def candidate(gradient):
    return Candidate(lambda: (1.0, [np.array([gradient])]), lambda: 1.0)


def test_a_candidate_that_fails_is_a_row():
    def crash():
        raise RecursionError("too deep")

    rows = race({"a": lambda: candidate(2.0), "b": crash}, "a", "a", rounds=2)
    assert [row["name"] for row in rows] == ["a", "b"]
    assert rows[1][MICROSECONDS] == "RecursionError: too deep"


def test_a_candidate_that_disagrees_stops_the_race():
    makers = {"right": lambda: candidate(2.0), "wrong": lambda: candidate(2.0 + 1e-8)}
    with pytest.raises(SystemExit, match="wrong and right disagree"):
        race(makers, "right", "right", rounds=2)
