"""What the numbers of words prove of two texts, against a look at the sentences themselves."""

from datetime import date
from functools import cache
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine import bags, contradictions, duplicates, relations, shares
from aggregator.refine.alignment import ALIKE, align, similarity
from aggregator.refine.bags import BLOCK, bags_of
from aggregator.refine.compared import Compared
from aggregator.refine.facts import Sentence, sentences
from tests.evals import candidates_eval
from tests.make_told import RECALL, RECALL_RETOLD, told
from tests.unit.refine.test_gists import labelled

DAY = date(2026, 10, 20)
SAID = "Ngày 18/8 hai ca sởi; 1.250 liều 0,5 ml lô 0326B ở Hà Nội. UBND TP.HCM thứ ba – 16/CT-TTg trước đó lên 5 ca"
WORDS = st.sampled_from(SAID.split())
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))
CUTS = st.lists(st.sampled_from([*RECALL.split(". "), *RECALL_RETOLD.split(". ")]), max_size=12).map(". ".join)


def said_in(texts: list[str]) -> list[Sentence]:
    return [one for text in texts for one in sentences("text", text, DAY)]


def looked_at(a: list[Sentence], b: list[Sentence]) -> set[bags.Pair]:
    return set(bags.near(bags_of(a), bags_of(b)).pairs)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(TEXTS, min_size=1, max_size=6))
def test_no_sentences_that_are_alike_are_ruled_out(texts, others):
    a, b = said_in([*texts, RECALL, RECALL_RETOLD]), said_in([*others, RECALL])
    alike = {(i, j) for i, one in enumerate(a) for j, other in enumerate(b) if similarity(one, other) >= ALIKE}
    assert alike <= looked_at(a, b)
    assert looked_at(b, a) == {(j, i) for i, j in looked_at(a, b)}


def test_sentences_beyond_a_block_are_found_in_their_places():
    said = said_in([f"Câu thứ {n} kể rằng có {n} ca bệnh ở xã số {n}, phường {n * n}." for n in range(2 * BLOCK)])
    assert len(said) > 2 * BLOCK - 1
    assert {(i, i) for i in range(len(said))} <= looked_at(said, said)


def test_most_of_what_is_not_alike_is_ruled_out():
    said = said_in(labelled()[:40])
    assert len(looked_at(said, said)) < 0.02 * len(said) ** 2


@given(TEXTS, CUTS, TEXTS, CUTS)
def test_two_texts_share_no_more_than_their_bags_let_them(text, cut, other, cut_too):
    a, b = Compared(told("a", f"{cut}. {text}")), Compared(told("b", f"{cut_too}. {other}", source="skds"))
    near, alignment = bags.near(a.bags, b.bags), align(a.sentences, b.sentences)
    assert shares.share(a, b, alignment) <= near.share(a.bags, b.bags) + 1e-9
    assert near.in_a >= alignment.in_a and near.in_b >= alignment.in_b


TOLD = st.builds(
    lambda text, cut, source, hours: (f"{text}. {cut}" if hours % 2 else f"{cut}. {text}", source, hours),
    TEXTS,
    CUTS,
    st.sampled_from(["moh", "skds"]),
    st.integers(0, 60),
)


def both(one: tuple[str, str, int], other: tuple[str, str, int]) -> tuple[Compared, Compared]:
    (text, source, hours), (text_too, source_too, hours_too) = one, other
    return (
        Compared(told("a", text, source=source, hours=hours)),
        Compared(told("b", text_too, source=source_too, hours=hours_too)),
    )


@given(TOLD, TOLD)
def test_what_shows_without_a_look_at_the_sentences_is_what_they_show(one, other):
    a, b = both(one, other)
    relation = duplicates.relate(a, b)
    if relation.differing is None:  # the sentences were not looked at
        looked = duplicates.closely(a, b)
        assert (relation.link, relation.apart) == (looked.link, looked.apart)


@given(TOLD, TOLD)
def test_two_are_apart_whether_or_not_that_is_asked_the_short_way(one, other):
    a, b = both(one, other)
    field, relation = relations.Field((a, b), ()), duplicates.relate(a, b)
    unlike = relation is duplicates.NOTHING
    slow = contradictions.contradiction(a.about, b.about) if unlike else relation.apart
    assert field.apart("a", "b") == bool(slow)


@cache
def written() -> list[tuple[Compared, Compared]]:
    """Every two articles of the labelled set that may be held against each other."""
    ones = [Compared(side) for pair in candidates_eval.pairs() for side in pair]
    return [(a, b) for a, b in combinations(ones, 2) if abs(a.published - b.published) <= contradictions.WINDOW]


def test_written_articles_are_the_same_to_each_other_the_short_way_and_the_long_one():
    short = 0
    for a, b in written():
        relation = duplicates.relate(a, b)
        if relation.differing is None:
            looked = duplicates.closely(a, b)
            assert (relation.link, relation.apart) == (looked.link, looked.apart)
            short += 1
    assert short > 50


def test_what_parts_two_written_articles_is_never_overlooked_the_short_way():
    apart = {"bài sau": 0, "hai ": 0}  # by a look back, and as two fillings of one template
    for a, b in written():
        relation = duplicates.relate(a, b)
        if relation.apart and not contradictions.contradiction(a.about, b.about):
            assert relations.Field((a, b), ()).apart(a.id, b.id)
            apart[next(start for start in apart if relation.apart.startswith(start))] += 1
    assert all(apart.values())


LOOK_BACK = (
    "Hai nhà thuốc ở quận Đống Đa vẫn bày bán kháng sinh Cefalvin dù đã có lệnh thu hồi, đoàn kiểm tra của Sở Y tế "
    "vừa lập biên bản.\nChủ cửa hàng khai chưa nhận được công văn nào và không đọc tin trên mạng.\nTrước đó, cơ quan "
    "quản lý đã thông báo về chất lượng của lô hàng.\nSở Y tế các tỉnh giám sát việc thu hồi."
)
ADVICE = (
    "Người dân cần thường xuyên rửa tay bằng xà phòng, đeo khẩu trang, giữ vệ sinh môi trường và theo dõi dấu hiệu "
    "nghi ngờ.\nKhi có triệu chứng sốt, ho, khó thở cần đến cơ sở y tế ở xã {place} để được khám, điều trị kịp thời.\n"
    "Mọi người mang giấy tờ, giữ trật tự khi xếp hàng.\n"
    "Trẻ nhỏ và người cao tuổi cần tiêm đủ mũi vắc xin theo hướng dẫn của Bộ Y tế."
)
RAID = (
    "Đoàn thanh tra phát hiện kho Megatrans giữ hàng nghìn hộp collagen nhập lậu, niêm phong quầy Jozafin chờ giám "
    "định, mời chuyên gia phân tích chất lạ.\n"
)
FEAST = (
    "Lễ hội hoa xuân quy tụ nghệ sĩ Flamenco, du khách thưởng ngoạn, ban tổ chức phát quà, cắm trại, thả diều, trình "
    "diễn áo dài cùng Zumba.\n"
)


def is_unlike(a: Compared, b: Compared) -> bool:
    """Whether the words alone link them to nothing."""
    return duplicates._kinship(a, b, a.terms, b.terms) < duplicates.RELATED


def test_a_later_look_back_parts_two_that_share_next_to_nothing():
    title = "Thu hồi Cefalvin: nhà thuốc vẫn bán"
    a, b = Compared(told("a")), Compared(told("b", LOOK_BACK, source="skds", hours=30, title=title))
    assert is_unlike(a, b) and bags.near(a.bags, b.bags).share(a.bags, b.bags) < shares.ADVICE
    assert duplicates.relate(a, b).apart == "bài sau dẫn lại bài trước"
    assert relations.Field((a, b), ()).apart("b", "a")


def test_one_advice_for_two_places_parts_two_that_tell_nothing_alike():
    a = Compared(told("a", RAID + ADVICE.format(place="Đông Hải"), title="Niêm phong kho Megatrans"))
    other = FEAST + ADVICE.format(place="Tây Phú")
    b = Compared(told("b", other, source="skds", hours=3, title="Lễ hội hoa xuân khai mạc"))
    assert is_unlike(a, b)
    assert duplicates.relate(a, b).apart == "hai nơi: “đông hải” và “tây phú”"
    assert relations.Field((a, b), ()).apart("a", "b")
