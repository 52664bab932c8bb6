/* Tin y tế chính thức: <tin-y-te-2>. Version 2.0.0, never changed once released. What is published is this, minified
   (tools/make_loader.py).

   Reads JSON of its own site, and shows none of it unless, below the key that the snippet pins (key="…"),
     embed/state.json  is signed by that key: the working keys, and the loader versions that are switched off;
     heartbeat.json    is signed by a working key: until when what is out may be shown, and the digests of
     embed/roll/N.json which lists the digest of the payload. Nothing older than this page has seen, nothing expired.
   Otherwise what stands between the tags stays; it also keeps the room, so that nothing moves. Text and links to its own site only; no HTML from data, no cookie, no
   storage, no other host, no referrer. Plain loops: a host page may have replaced the methods of arrays and strings. */
const VERSION = "2.0.0";
const BINS = 32;
const AGAIN = 300e3; // ms after which a page that is looked at again reads again
const root = new URL("../../", import.meta.url);
const DARK = "--ink:#e8e6e1;--soft:#a9adb2;--paper:#14171a;--rule:#33383d;--accent:#8ec5ea;--warn:#f0a48d";
const STYLE = `
:host{display:block!important;position:relative;contain:content}
:host([hidden]){display:none!important}
section{all:initial;--ink:#17191c;--soft:#55585d;--paper:#fff;--rule:#dedad1;--accent:#0b5d8c;--warn:#9a2b12;display:flex;flex-direction:column;box-sizing:border-box;direction:ltr;font:16px/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,"Liberation Sans",system-ui,sans-serif;color:var(--ink);background:var(--paper);border:1px solid var(--rule);padding:12px 16px 0;overflow:hidden;overflow-wrap:break-word}
:host([theme=dark]) section{${DARK}}
@media(prefers-color-scheme:dark){:host([theme=auto]) section{${DARK}}}
h2{font-size:17px;line-height:1.4;margin:0 0 8px}
div{flex:1;min-height:0;overflow-y:auto}
ol{list-style:none;margin:0;padding:0}
li{padding:9px 0 10px;border-top:1px solid var(--rule)}
p{margin:0;padding:9px 0}
.foot{border-top:1px solid var(--rule)}
a{color:var(--accent);text-decoration:none;font-weight:600}
a:hover{text-decoration:underline}
:focus-visible{outline:3px solid;outline-offset:-3px}
small{display:block;color:var(--soft);font-size:14px}
.mark{color:var(--warn);font-weight:700;letter-spacing:.04em}
.bar{border-inline-start:6px solid var(--warn)}
.bar h2{font-size:14px;margin:0;color:var(--warn)}
.bar li{border:0;padding:2px 0}
.call{flex:1;display:flex;align-items:center;justify-content:space-between;gap:16px;margin:-12px -16px 0;padding:8px 16px;line-height:1.35}
.call small{color:inherit}
b{flex:none;border-radius:2em;padding:6px 18px;font-size:15px}
form{display:flex;flex-wrap:wrap;gap:8px;padding-bottom:12px}
label{flex:100%;font-weight:700}
input,button{box-sizing:border-box;font:inherit;min-height:44px;padding:6px 12px;border:1px solid var(--soft);color:var(--ink);background:var(--paper)}
input{flex:1;min-width:0}
button{background:var(--accent);color:var(--paper);font-weight:600;border:0}
:host([layout=row]) ol{display:grid;grid-template-columns:repeat(auto-fit,minmax(15em,1fr));column-gap:24px}
:host([layout=compact]) li{padding:4px 0}
:host([layout=compact]) li small{display:none}
`;
const SHELVES = { bar: "urgent", today: "today", search: "search" };

// --- what is read, once a page, and trusted

const seen = Object.create(null); // the newest number of each statement, for as long as the page stands
const alive = new Set();
let shared = Object.create(null);
let began = Date.now();
let timer = 0;

const once = (name, make) => {
  if (!shared[name]) (shared[name] = make()).catch(() => {});
  return shared[name];
};
const read = (path, cache) =>
  once(cache + path, async () => {
    const answer = await fetch(new URL(path, root), { cache, credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(path);
    return answer.arrayBuffer();
  });
const parse = (data) => new Response(data).json();
const coded = (text) => new TextEncoder().encode(text);
const bytes = (text) => {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n++) out[n] = raw.charCodeAt(n);
  return out;
};
const digest = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const named = async (data) => {
  const own = await digest(data);
  let raw = "";
  for (let n = 0; n < own.length; n++) raw += String.fromCharCode(own[n]);
  return btoa(raw);
};
const opened = async (kind, envelope, point, name) => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(point), algorithm, false, ["verify"]);
  const said = coded(`official-news-aggregator ${kind} 1\n${envelope.signed}`);
  if (!(await crypto.subtle.verify(algorithm, key, bytes(envelope.signature), said))) throw new Error(kind);
  const statement = await parse(envelope.signed);
  if (!(statement.seq >= (seen[name] || 1) && Date.parse(statement.until) > Date.now())) throw new Error("old");
  seen[name] = statement.seq;
  return statement;
};
const trusted = (pin, cache) =>
  once(`${cache} ${pin}`, async () => {
    const asked = [read("embed/state.json", cache), read("heartbeat.json", cache)];
    const state = await opened("embeds-state", await parse(await asked[0]), pin, `state ${pin}`);
    for (let n = 0; n < state.off.length; n++) if (state.off[n] === VERSION || state.off[n] === "*") throw new Error("off");
    const beat = (await parse(await asked[1])).embeds;
    return opened("embeds-stamp", beat, state.keys[beat.key], `stamp ${pin}`);
  });
const payload = async (pin, shelf, cache) => {
  const bin = (await digest(coded(shelf)))[0] % BINS;
  const asked = [read(`embed/roll/${bin}.json`, cache), read(`embed/latest/${shelf}.json`, cache)];
  const stamp = await trusted(pin, cache);
  const own = await named(await asked[1]);
  const rows = (await named(await asked[0])) === stamp.roll[bin] ? await parse(await asked[0]) : [];
  const data = await parse(await asked[1]);
  for (let n = 0; n < rows.length; n++) if (rows[n] === own && data.shelf === shelf) return { data, stamp, own };
  throw new Error("not in the roll");
};
const again = () => {
  shared = Object.create(null);
  began = Date.now();
  alive.forEach((one) => one.show());
};
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - began > AGAIN) again();
});

// --- what is shown

const two = (n) => (n < 10 ? `0${n}` : `${n}`);
const when = (text, dayOnly) => {
  const local = new Date(Date.parse(text) + 7 * 3600e3);
  const day = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return dayOnly ? day : `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}, ${day}`;
};
const add = (parent, name, text, className) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return parent.appendChild(element);
};
const ours = (address) => {
  const url = new URL(address, root);
  return url.origin === root.origin ? url.href : "";
};
const link = (parent, address, text, className) => {
  const a = add(parent, "a", text, className);
  if (ours(address)) a.href = ours(address);
  a.target = "_blank";
  a.rel = "noopener";
  a.referrerPolicy = "no-referrer";
  return a;
};
const listed = (section, data, count) => {
  const box = add(section, "div");
  if (!data.stories.length) return add(box, "p", data.none || "Chưa có tin.");
  const list = add(box, "ol");
  for (let n = 0; n < data.stories.length && n < count; n++) {
    const story = data.stories[n];
    const row = add(list, "li");
    link(row, story.url, story.title);
    add(row, "small", `${story.source} · ${when(story.published, story.day)}`);
    if (story.note) add(row, "small", `Ghi chú: ${story.note}`);
  }
};
const campaign = (section, data) => {
  const a = link(section, data.home, "", "call");
  const words = add(a, "span");
  add(words, "strong", data.label);
  if (data.about) add(words, "small", data.about);
  add(a, "b", "Xem chi tiết");
};
const search = (section, data) => {
  const form = add(section, "form");
  form.action = ours(data.action);
  form.target = "_blank";
  form.setAttribute("rel", "noopener noreferrer");
  const label = add(form, "label", data.label);
  const input = add(form, "input");
  label.htmlFor = input.id = input.name = "q";
  input.type = "search";
  input.required = true;
  add(form, "button", "Tìm");
};
const drawn = (data, kind, count, stamp) => {
  const section = document.createElement("section");
  section.lang = "vi";
  section.setAttribute("aria-label", data.label);
  section.className = kind;
  if (data.ribbon) add(section, "small", data.ribbon, "mark");
  if (data.running) campaign(section, data);
  else if (data.action) search(section, data);
  else {
    add(section, "h2", data.label);
    if (data.about) add(section, "small", data.about);
    listed(section, data, count);
  }
  if ((data.running || data.action) && data.stories.length) listed(section, data, count);
  if (Date.parse(stamp.stale) < Date.now())
    add(section, "small", `Cập nhật lần cuối ${when(stamp.time)}; có thể chưa phải tin mới nhất.`);
  if (!data.running && !data.action) link(add(section, "p", "", "foot"), data.home, data.more || `Xem tất cả trên ${data.site}`);
  return section;
};
const colour = /^#[0-9a-f]{6}$/i;
const light = (code) => {
  const value = parseInt(code.substring(1), 16);
  const part = (shift) => {
    const one = ((value >> shift) & 255) / 255;
    return one <= 0.04 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0) + 0.05;
};
const rules = (element, data) => {
  const height = parseInt(element.getAttribute("height"), 10);
  const accent = element.getAttribute("accent") || "";
  const theme = element.getAttribute("theme");
  let text = height > 0 ? `:host{min-height:${height}px!important}` : "";
  // The room is that of what was pasted: it stays, unseen, below what is shown.
  if (data) text += height > 0 ? "slot{visibility:hidden}section{position:absolute;inset:0}" : "slot{display:none}";
  // WCAG 2.1 §1.4.3: a colour that cannot be read on the ground is not taken
  const legible = colour.test(accent) && (theme === "dark" ? light(accent) / light("#14171a") : 1.05 / light(accent)) >= 4.5;
  if (legible && theme !== "auto") text += `section{--accent:${accent}!important}`;
  if (data && data.running === false) text += ":host{display:none!important}";
  if (data && colour.test(data.colour) && colour.test(data.ink))
    text += `.call{background:${data.colour};color:${data.ink}}b{background:${data.ink};color:${data.colour}}`;
  return text;
};

class TinYTe extends HTMLElement {
  static observedAttributes = ["key", "kind", "shelf", "topic", "count", "accent", "theme", "height"];
  #sheet;
  #shown = "";
  #until = 0;

  connectedCallback() {
    alive.add(this);
    if (Date.now() - began > AGAIN) again();
    else this.show();
  }

  disconnectedCallback() {
    alive.delete(this);
  }

  attributeChangedCallback() {
    this.#shown = "";
    if (this.#sheet) this.show();
  }

  async show() {
    try {
      if (!this.#sheet) this.#begin();
      await this.#tried("no-cache").catch(() => this.#tried("reload"));
    } catch {
      if (this.#until < Date.now()) this.#put("link");
    }
  }

  #begin() {
    const shadow = this.attachShadow({ mode: "open" });
    this.#sheet = new CSSStyleSheet();
    shadow.adoptedStyleSheets = [this.#sheet];
    add(shadow, "slot");
    this.#put("link");
  }

  async #tried(cache) {
    const kind = this.getAttribute("kind") || "news";
    const topic = this.getAttribute("topic");
    const shelf = this.getAttribute("shelf") || SHELVES[kind] || (topic ? `topic/${topic}` : "all");
    const asked = parseInt(this.getAttribute("count"), 10) || 5;
    if (!crypto.subtle || !/^[a-z0-9]+([-/][a-z0-9]+)*$/.test(shelf)) throw new Error(shelf);
    const { data, stamp, own } = await payload(this.getAttribute("key"), shelf, cache);
    this.#until = Date.parse(stamp.until);
    const left = this.#until - Date.now();
    clearTimeout(timer);
    if (left < 864e5) timer = setTimeout(again, left);
    const count = asked < 1 ? 1 : asked > 20 ? 20 : asked;
    this.#put(own + (Date.parse(stamp.stale) < Date.now()), data, () => drawn(data, kind, count, stamp));
  }

  #put(shown, data, draw) {
    if (shown === this.#shown) return;
    const section = draw && draw();
    const shadow = this.shadowRoot;
    if (shadow.lastChild !== shadow.firstChild) shadow.removeChild(shadow.lastChild);
    if (section) shadow.appendChild(section);
    this.#sheet.replaceSync(STYLE + rules(this, data));
    this.#shown = shown;
  }
}

if (!customElements.get("tin-y-te-2")) customElements.define("tin-y-te-2", TinYTe);
