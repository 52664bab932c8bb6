// Search over the static index that aggregator/publish/search.py writes: of each segment, the newest first, only the
// files are loaded that the words of the query need, until there is enough to show.
const ENOUGH = 50; // results after which older segments wait until they are asked for
const AT_ONCE = 4; // segments looked into side by side, more of them while they are few stories together:
const FEW = 600; // some 120 kB compressed, where they are small enough to be one file each
const MOST_WORDS = 12;
const STEP = 16;
const WEIGHTS = [8, 4, 2, 1]; // title, name of a tag or source, lead, text
const EXACT = 16; // a word that stands in the story with the marks of the query
const FOLLOWING = 8; // two words that follow each other in a title or name
const TYPING_MS = 200;
const TONE = /[\u0300\u0301\u0303\u0309\u0323]/g;

const form = document.getElementById("tim-kiem");
const box = document.getElementById("tu-khoa");
const list = document.getElementById("ket-qua");
const summary = document.getElementById("tom-tat");
const more = document.getElementById("them");
const filters = document.getElementById("loc");
const fields = ["q", "chu-de", "noi", "nguon", "tu", "den"];
let places = null;
let turn = 0;

// --- words, as aggregator/publish/terms.py makes them

function key(word) {
  const bare = word.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐðÐƉ]/g, "d").toLowerCase();
  return bare.replace(/^(.*[bcdfghjklmnpqrstvxz])y$/, "$1i").slice(0, 40);
}

function shape(word) {
  const lower = word.toLowerCase().normalize("NFD");
  return (lower.replace(TONE, "") + (lower.match(TONE) ?? []).join("")).normalize("NFC");
}

// `typing`: the last word may be the beginning of a longer one.
function words(text, typing) {
  const found = (text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS);
  const marked = found.some((word) => shape(word) !== word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "") || /[đĐ]/.test(word));
  return found.map((word, index) => ({
    key: key(word),
    shape: marked ? shape(word) : null,
    open: typing && index === found.length - 1 && key(word).length > 1,
  }));
}

// --- the index

const loaded = new Map();

function json(href, mode = "default") {
  if (mode !== "default" || !loaded.has(href)) {
    const answer = fetch(href, { cache: mode }).then((it) => {
      if (!it.ok) throw new Error(`${href}: ${it.status}`);
      return it.json();
    });
    answer.catch(() => loaded.delete(href));
    loaded.set(href, answer);
  }
  return loaded.get(href);
}

class Moved extends Error {}

async function part(segment, about, name) {
  if (about.parts) return about.parts[name];
  return json(`${segment.href}${name}.json?v=${about.version}`).then((it) => {
    if (it.version !== about.version) throw new Moved(name);
    return it;
  });
}

// What a segment was told of may be a moment older than its files: then it is asked anew, past every cache.
async function steadily(segment, work) {
  try {
    return await work(await json(`${segment.href}index.json`, "default"));
  } catch {
    return work(await json(`${segment.href}index.json`, "reload"));
  }
}

function blocks(about, from, to) {
  const at = (name) => about.starts.filter((start) => start <= name).length - 1;
  return Array.from({ length: at(to) - at(from) + 1 }, (_, index) => at(from) + index);
}

async function entries(segment, about, name, open) {
  const end = open ? `${name}\uffff` : name;
  const parts = await Promise.all(blocks(about, name, end).map((number) => part(segment, about, `t${number}`)));
  const found = [];
  for (const { terms } of parts) {
    if (!open) {
      if (Object.hasOwn(terms, name)) found.push([name, terms[name]]);
    } else for (const other of Object.keys(terms)) if (other.startsWith(name) && other.includes(" ") === name.includes(" ")) found.push([other, terms[other]]);
  }
  return found;
}

const bare = (written) => written.normalize("NFD").replace(TONE, "");
const tone = (written) => (written.normalize("NFD").match(TONE) ?? []).join("");

// Whether a word of the index has the marks of the query's word; of one that is still typed, as far as it goes.
function alike(written, word) {
  if (!word.open) return written === word.shape;
  return bare(written).startsWith(bare(word.shape)) && (tone(written) === tone(word.shape) || !tone(word.shape));
}

// The stories that have the word: their number -> how well.
function told(found, word) {
  const scores = new Map();
  for (const [name, forms] of found) {
    for (const [written, steps] of Object.entries(forms)) {
      const same = word.shape === null || alike(written || name, word);
      let number = 0;
      for (const step of steps) {
        number += Math.floor(step / STEP);
        const weight = WEIGHTS.find((one) => step % STEP & one) + (same ? EXACT : 0);
        scores.set(number, Math.max(scores.get(number) ?? 0, weight));
      }
    }
  }
  return scores;
}

function meet(maps) {
  const [first, ...rest] = maps.sort((one, other) => one.size - other.size);
  const found = new Map();
  for (const [number, score] of first) {
    if (rest.every((map) => map.has(number))) found.set(number, rest.reduce((sum, map) => sum + map.get(number), score));
  }
  return found;
}

function everything(about) {
  return new Map(Array.from({ length: about.docs }, (_, number) => [number, 0]));
}

function within(about, { from, to }) {
  const days = about.days.map(([day, first], index) => [day, first, about.days[index + 1]?.[1] ?? about.docs]);
  const kept = days.filter(([day]) => (!from || day >= from) && (!to || day <= to));
  return (number) => kept.some(([, first, end]) => number >= first && number < end);
}

async function look(segment, asked) {
  return steadily(segment, async (about) => {
    const inside = within(about, asked);
    const maps = await Promise.all([
      ...asked.words.map(async (word) => told(await entries(segment, about, word.key, word.open), word)),
      ...asked.marks.map(async (mark) => new Map([...told(await entries(segment, about, `#${mark}`, false), { shape: null })].map(([number]) => [number, 0]))),
    ]);
    const scores = maps.length ? meet(maps) : everything(about);
    for (const [index, word] of asked.words.slice(1).entries()) {
      const pair = await entries(segment, about, `${asked.words[index].key} ${word.key}`, word.open);
      for (const number of told(pair, { shape: null }).keys()) if (scores.has(number)) scores.set(number, scores.get(number) + FOLLOWING);
    }
    const best = [...scores].filter(([number]) => inside(number)).sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const shown = best.slice(0, ENOUGH);
    const chunks = new Map();
    for (const at of new Set(shown.map(([number]) => Math.floor(number / about.chunk)))) {
      chunks.set(at, (await part(segment, about, `d${at}`)).docs);
    }
    const rows = shown.map(([number, score]) => ({ score, row: chunks.get(Math.floor(number / about.chunk))[number % about.chunk] }));
    return { rows, count: best.length };
  });
}

// --- the page

function line({ row: [href, title, source, at, flag] }) {
  const item = document.createElement("li");
  const meta = document.createElement("p");
  const time = document.createElement("time");
  const link = document.createElement("a");
  meta.className = "card-meta";
  time.dateTime = at;
  time.textContent = `${at.slice(11, 16)}, ${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}`;
  meta.append(`${source} `, time);
  if (flag) meta.append(` · ${flag}`);
  link.href = href;
  link.textContent = title;
  link.className = "card-title";
  item.append(meta, link);
  return item;
}

async function asked(typing) {
  const { q, noi, tu, den, ...marks } = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
  const found = Object.values(marks).filter(Boolean);
  if (noi) {
    places ??= (await json(form.dataset.places)).places;
    const place = places.find(([, label]) => label.toLowerCase() === noi.toLowerCase()) ?? places.find(([, label]) => key(label) === key(noi));
    found.push(place ? place[0] : "place/?");
  }
  return { words: words(q, typing), marks: found, from: tu, to: den, said: q };
}

function touches(segment, { from, to }) {
  return (!from || segment.to >= from) && (!to || segment.from <= to);
}

// The newest of those that are left, taken out.
function some(left) {
  let count = 0;
  let stories = 0;
  while (count < left.length && (count < AT_ONCE || stories + left[count].docs <= FEW)) stories += left[count++].docs;
  return left.splice(0, count);
}

function summed(state, waiting) {
  const what = state.asked.said ? ` có “${state.asked.said}”` : "";
  if (!state.count) return waiting ? "" : `Không có tin nào${what}${state.asked.marks.length || state.asked.from || state.asked.to ? " trong phạm vi đã lọc" : ""}. Thử từ ngắn hơn hoặc bỏ bớt điều kiện.`;
  const said = state.count > state.rows.length ? `${state.count} tin${what}; đang hiện ${state.rows.length} tin sát nhất` : `${state.count} tin${what}`;
  return waiting ? `${said}, còn tin cũ hơn chưa tìm.` : `${said}.`;
}

async function proceed(state, mine, goal) {
  if (!state.count) summary.textContent = "Đang tìm…";
  more.hidden = true;
  while (state.left.length && state.count < goal) {
    const found = await Promise.all(some(state.left).map((segment) => look(segment, state.asked)));
    if (mine !== turn) return;
    for (const { rows, count } of found) {
      state.rows.push(...rows);
      state.count += count;
    }
  }
  state.rows.sort((one, other) => other.score - one.score || (one.row[3] < other.row[3] ? 1 : -1));
  list.replaceChildren(...state.rows.map(line));
  summary.textContent = summed(state, state.left.length > 0);
  more.hidden = !state.left.length;
  more.firstElementChild.onclick = () => proceed(state, mine, state.count + ENOUGH).catch(() => failed(mine));
}

function failed(mine) {
  if (mine === turn) summary.textContent = "Chưa tải được chỉ mục tìm kiếm. Xin thử lại sau ít phút.";
}

// A finished query is taken by its whole words, and by the beginning of its last one where those find nothing.
async function search(typing = false) {
  const mine = ++turn;
  const wanted = await asked(typing).catch(() => failed(mine));
  if (!wanted || mine !== turn) return;
  if (!wanted.words.length && !wanted.marks.length && !wanted.from && !wanted.to) {
    list.replaceChildren();
    summary.textContent = "";
    more.hidden = true;
    return;
  }
  try {
    const { segments } = await json(form.dataset.index);
    if (mine !== turn) return;
    const left = segments.filter((one) => touches(one, wanted));
    const state = { asked: wanted, left, rows: [], count: 0 };
    await proceed(state, mine, ENOUGH);
    if (mine === turn && !typing && !state.count && wanted.words.length) await search(true);
  } catch {
    failed(mine);
  }
}

function address() {
  const query = new URLSearchParams(fields.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value));
  return `${query}` ? `?${query}` : location.pathname;
}

function open() {
  const query = new URLSearchParams(location.search);
  for (const name of fields) form.elements[name].value = query.get(name) ?? "";
  if (fields.slice(1).some((name) => query.get(name))) filters.open = true;
  search();
}

async function offer() {
  if (!filters.open) return;
  places ??= (await json(form.dataset.places)).places;
  const options = places.map(([, label]) => Object.assign(document.createElement("option"), { value: label }));
  document.getElementById("cac-noi").replaceChildren(...options);
}

let typing = 0;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  history.pushState(null, "", address());
  search();
});
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    history.replaceState(null, "", address());
    search(/[\p{L}\p{N}]$/u.test(box.value));
  }, TYPING_MS);
});
filters.hidden = false;
filters.addEventListener("toggle", () => offer().catch(() => {}));
addEventListener("popstate", open);
json(form.dataset.index).catch(() => {}); // at once, as the page's head announced it: a query needs it first
open();
