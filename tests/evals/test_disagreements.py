from tests.evals.disagreements_eval import scores

# Floors, never to be lowered: of ten stories that say something, nine are right; a third of what is wrong is seen.
PRECISION = 0.9
RECALL = 0.32


def test_what_a_story_says_that_its_tellings_tell_differently_is_so():
    assert scores().precision >= PRECISION, scores().false


def test_a_third_of_the_wrong_values_in_other_words_is_told():
    assert scores().recall >= RECALL


def test_there_is_enough_to_be_wrong_about():
    assert scores().wrong >= 80 and scores().agreeing >= 150
