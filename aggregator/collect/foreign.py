"""What stands inside an article's body and is not the article's: boxes of other articles, buttons, counters."""

import re
from itertools import takewhile

from bs4 import Tag

from aggregator.collect import blocks, html

NAMES = re.compile(
    r"(?:^|[\s_-])(?:post-?meta(?:data)?|entry-footer|article-info|fb-?(?:like|page|box)"
    r"|fan-?page|like-?box)(?=$|[\s_-])",
    re.I,
)  # of what ends a body
SHARE = 0.4  # of the body's letters; a box that holds more of them is not cut for its name alone
BUTTON = 60  # characters; a longer block is no button
_ONE = (
    r"(?:chia sẻ(?: (?:bài viết|bài này|bài|facebook|zalo|qua [\w ]{1,15}|lên [\w ]{1,15}))*|share(?: this)?|tweet"
    r"|(?:địa chỉ|đường dẫn|link)(?: bài viết| gốc)?\s*:?\s*https?://\S+"
    r"|facebook|twitter|zalo|google\+?|linkedin|pinterest|messenger|telegram|copy link|print|back to [\w ]{1,40}"
    r"|[-–\s]*(?:quảng cáo|advertisement|(?:được |nội dung )?tài trợ|sponsored)[-–\s]*"
    r"|(?:số )?lượt (?:xem|đọc)\W*[\d.,]*|[\d.,]+ lượt (?:xem|đọc)"
    r"|(?:tổng |số )*lượt (?:truy cập|xem|đọc|tải)[^.:!?]{0,40}(?:\W+[\d.,]+)?"
    r"|đã xem\W*[\d.,]+|(?:post )?views?(?: count)?\W*[\d.,]+|(?:bản )?in(?: trang| bài| ra)?(?: này)?"
    r"|gửi (?:qua )?(?:email|mail|bình luận|bài viết|góp ý|phản hồi|cho bạn bè)(?: này)?"
    r"|gửi bài [\w ]{0,10}qua (?:thư|e-?mail)"
    r"|(?:hãy |mời bạn )?(?:thích|like)(?: và (?:theo dõi|chia sẻ|follow))? (?:fan ?page|trang|kênh)[^.]{0,30}"
    r"|cỡ chữ[\sA-Za+-]*|về trang trước|trở về|quay lại"
    r"|xem tất cả(?: [\w ]{1,30})?|xem (?:phiên bản|bản) (?:đầy đủ|máy tính|desktop|di động|mobile)"
    r"|tải (?:ứng dụng|app) [\w ]{1,40}|đóng cửa sổ|(?:về )?đầu trang|(?:nghe )?đọc bài(?: viết)?[\s\d:]*"
    r"|bài (?:viết )?này được đăng [^.]{1,60}"
    r"|bài (?:viết )?(?:này )?có (?:hữu ích|giúp ích)[^.?]{0,30}\?[\s,/|]*(?:có|không)?(?:[\s,/|]+không)?"
    r"|was this [\w ]{1,20}helpful\?"
    r"|(?:hãy |mời bạn )?đăng ký (?:nhận|theo dõi)[^.]{1,40}"
    r"|(?:click để )?đánh giá bài viết(?: này)?|subscribe[\w ]{0,40})"
)
NOISE = re.compile(rf"[\W_]*{_ONE}(?:[\W_]+{_ONE})*[\W_]*", re.I)
LABEL = re.compile(
    r"[\W_]*(?:(?:các |những )?(?:tin|bài|bài viết|bài báo|tin tức|tin bài|nội dung|thông tin)(?: bài)? "
    r"(?:liên quan|khác|cùng (?:chuyên mục|chủ đề|mục|loại)|mới(?: hơn| nhất| cập nhật| đăng)?|cũ hơn|đã (?:đưa|đăng)"
    r"|tương tự|(?:đọc|xem) nhiều(?: nhất)?|nổi bật)"
    r"|(?:mời (?:(?:bạn|quý vị|độc giả|bạn đọc|quý độc giả|các bạn) )?)?(?:xem|đọc) (?:thêm|tiếp|ngay)"
    r"(?: video(?: được quan tâm| khác)?)?|có thể bạn quan tâm"
    r"|(?:từ khóa|từ khoá|tags?|thẻ)\s*:"
    r"|related (?:news|posts|articles|stories)|you may also like|read more|see also)[\W_]*",
    re.I,
)
ARROW = re.compile(r"(?:>>|»|›|→|=>|>|\*)\s*\w")  # a line that points to another article
RIGHTS = re.compile(r"\W*(?:©|copyright|bản quyền|(?:vui lòng |đề nghị )?ghi rõ nguồn)\b.{0,120}", re.I)
INVITED = re.compile(  # an editor's invitation, which ends articles of newspapers
    r"\W*(?:kính |trân trọng )?mời (?:quý |các )?(?:vị )?(?:độc giả|bạn đọc|khán giả|bạn)\b[^.]{0,80}"
    r"\b(?:theo dõi|đón (?:xem|đọc)|xem (?:thêm )?video|tham gia nhóm|tải ứng dụng)\b[^.]{0,80}\W*",
    re.I,
)
HEADS = ("h2", "h3", "h4", "h5", "h6")
TOOLS = ("button", "input", "select", "textarea")
FEW = 8  # tags; what holds more than a label is no wrapping of it
NAMING = 4  # words of a link that names an article
NEARLY = 0.6  # share of a block's letters inside links from which, after such a label, it lists other articles


def cut_tools(body: Tag) -> None:
    """Take out the short lines that buttons and fields stand in: questions to the reader, search boxes, counters."""
    for leaf in blocks.Survey(body).leaves:
        if leaf.tag is not body and len(leaf.text) <= BUTTON and leaf.tag.find(TOOLS) is not None:
            leaf.tag.decompose()


def is_noise(text: str) -> bool:
    """Whether the line is but a button, a counter or a mark of advertising."""
    return len(text) <= BUTTON and bool(NOISE.fullmatch(text))


def cut(body: Tag) -> None:
    """Take out of the body what is not its own: by the names of boxes, then by the words of labels and buttons."""
    survey = blocks.Survey(body)
    _cut_boxes(survey)
    _cut_asides(survey)
    _cut_cards(survey)
    for leaf in survey.leaves:
        block, text = leaf.tag, leaf.text
        if block is body or block.decomposed:
            continue
        label = LABEL.match(text)
        points = leaf.linked >= NEARLY and ARROW.match(text)
        if points or RIGHTS.fullmatch(text) or INVITED.fullmatch(text) or is_noise(text):
            block.decompose()
        elif label:
            _cut_labelled(body, block, text[label.end() :])


def _cut_boxes(survey: blocks.Survey) -> None:
    whole = survey.letters(survey.tree)
    for tag in survey.tree.find_all(_is_foreign):
        if isinstance(tag, Tag) and not tag.decomposed and survey.letters(tag) < SHARE * whole and not _is_caption(tag):
            tag.decompose()


def _cut_asides(survey: blocks.Survey) -> None:
    """Take out what the page itself calls an aside where links to other articles are most of its lines."""
    for tag in survey.tree.find_all("aside"):
        if isinstance(tag, Tag) and not tag.decomposed and tag.find("a") is not None and tag.find("img") is None:
            rows = [leaf for leaf in survey.inside(tag) if leaf.tag.name not in HEADS]
            if rows and all(leaf.linked >= NEARLY for leaf in rows):
                tag.decompose()


def _cut_cards(survey: blocks.Survey) -> None:
    """Take out boxes that show another article: its picture and its name both lead to it."""
    whole = survey.letters(survey.tree)
    for image in survey.tree.select("a[href] img"):
        anchor = image.find_parent("a")
        box = next((one for one in image.parents if _names_it(one, anchor)), None)
        if (
            isinstance(box, Tag)
            and not box.decomposed
            and survey.letters(box) < SHARE * whole
            and box is not survey.tree
        ):
            box.decompose()


def _names_it(box: Tag, anchor: Tag | None) -> bool:
    href = html.attr(anchor, "href")
    others = (one for one in box.find_all("a", href=href) if one is not anchor)
    return any(len(html.line(one).split()) >= NAMING for one in others)


def _is_foreign(tag: Tag) -> bool:
    name = blocks.named(tag)
    return bool(blocks.FOREIGN.search(name) or NAMES.search(name))


def _is_caption(tag: Tag) -> bool:
    return tag.name in {"figcaption", "img", "table", "tr", "td"} or (tag.find("img") is not None and not tag.find("a"))


def _cut_labelled(body: Tag, block: Tag, rest: str) -> None:
    """Cut a label of other articles: with the links in its own line, or with the lists of links after it."""
    if rest:
        links = sum(len(html.line(anchor)) for anchor in block.select("a"))
        if links >= NEARLY * len(rest):
            block.decompose()
        return
    top = block
    while top.parent is not None and top.parent is not body and len(top.parent.find_all(True, limit=FEW)) < FEW:
        if html.line(top.parent) != html.line(top):
            break
        top = top.parent
    listed = takewhile(lambda after: not isinstance(after, Tag) or _lists_links(after), top.next_siblings)
    for after in [one for one in listed if isinstance(one, Tag)]:
        after.decompose()
    top.decompose()


def _lists_links(tag: Tag) -> bool:
    """Whether the tag lists other articles: most of it is links, or it is a card that begins with one."""
    if any(html.is_attachment(html.attr(anchor, "href")) for anchor in tag.select("a[href]")):
        return False
    if not html.line(tag):
        return tag.find("img") is None
    first = next(iter(blocks.Survey(tag).leaves), None)
    named = first is not None and first.linked >= NEARLY and len(first.text.split()) >= NAMING
    return blocks.linked(tag) >= NEARLY or named
