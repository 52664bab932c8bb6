from tests.evals.duplicates_eval import LABELS, judged, report, scores

# Floors, never to be lowered. Issue 4 asks for near-duplicates .97 with no hidden fact, and for stories F1 .92.
DUPLICATE_RECALL = 0.97
STORY_F1 = 0.95
STORY_PRECISION = 0.96


def test_near_duplicates_are_found():
    assert scores(judged()).duplicate_recall >= DUPLICATE_RECALL


def test_no_differing_fact_is_hidden_by_a_merge():
    assert scores(judged()).hidden == 0


def test_bulletins_of_two_days_are_never_one_story():
    assert scores(judged()).bulletins == 0


def test_stories_are_told_apart():
    found = scores(judged())
    assert found.story_f1 >= STORY_F1
    assert found.story_precision >= STORY_PRECISION


def test_the_set_is_large_enough_to_mean_something():
    labels = [one.label for one in judged()]
    assert len(labels) >= 120
    assert all(labels.count(label) >= 30 for label in LABELS)
    assert sum("differs" in one.edit for one in judged()) >= 25
    assert sum("bulletin" in one.edit for one in judged()) >= 10


def test_every_decision_says_why():
    assert all(one.because for one in judged() if one.said != "different")


def test_the_report_names_every_error():
    wrong = [one for one in judged() if one.said != one.label]
    assert all(f"  {one.id} is {one.label}" in report() for one in wrong)
