// Search over small monthly indexes, newest first; words are folded as the indexes are: no marks, đ as d.
const SHOWN = 50;
const MOST = 200; // characters of a query
const form = document.getElementById("tim-kiem");
const box = document.getElementById("tu-khoa");
const list = document.getElementById("ket-qua");
const summary = document.getElementById("tom-tat");
const loaded = new Map();
let months = null;
let turn = 0;

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().split(/\s+/).filter(Boolean);
}

async function json(href) {
  if (!loaded.has(href)) {
    const answer = await fetch(href);
    if (!answer.ok) throw new Error(`${href}: ${answer.status}`);
    loaded.set(href, await answer.json());
  }
  return loaded.get(href);
}

function row([href, title, source, at]) {
  const item = document.createElement("li");
  const meta = document.createElement("p");
  const time = document.createElement("time");
  const link = document.createElement("a");
  meta.className = "card-meta";
  time.dateTime = at;
  time.textContent = `${at.slice(11, 16)}, ${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}`;
  meta.append(`${source} `, time);
  link.href = href;
  link.textContent = title;
  link.className = "card-title";
  item.append(meta, link);
  return item;
}

async function search(query) {
  const mine = ++turn;
  const words = fold(query.slice(0, MOST));
  list.replaceChildren();
  summary.textContent = "";
  if (!words.length) return;
  summary.textContent = "Đang tìm…";
  const found = [];
  try {
    months ??= (await json(form.dataset.index)).months;
    for (const month of months) {
      const { stories } = await json(month.href);
      if (mine !== turn) return;
      found.push(...stories.filter((story) => words.every((word) => story[4].includes(word))));
      if (found.length >= SHOWN) break;
    }
  } catch {
    summary.textContent = "Chưa tải được chỉ mục tìm kiếm. Xin thử lại sau ít phút.";
    return;
  }
  if (mine !== turn) return;
  list.replaceChildren(...found.slice(0, SHOWN).map(row));
  summary.textContent = found.length
    ? `${found.length > SHOWN ? `${SHOWN} tin mới nhất` : `${found.length} tin`} có “${query.trim()}”.`
    : `Không có tin nào có “${query.trim()}”. Thử từ ngắn hơn.`;
}

function open() {
  const query = new URLSearchParams(location.search).get("q") ?? "";
  box.value = query;
  search(query);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", `?q=${encodeURIComponent(box.value)}`);
  search(box.value);
});
addEventListener("popstate", open);
open();
