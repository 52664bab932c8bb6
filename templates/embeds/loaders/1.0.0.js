/* Tin y tế chính thức: <tin-y-te shelf="all" count="5">. Version 1.0.0, never changed once released.
   Reads two JSON files of its own site; shows words and links. No cookie, no storage, no other host.
   What stands between the tags stays until the news is there, and for good when it cannot be had.
   Plain loops and DOM calls only: a host page may have replaced the methods of arrays, strings and elements. */
const root = new URL("../../", import.meta.url);
const STYLE = `
:host{display:block!important;contain:content}
section{all:initial;display:block;box-sizing:border-box;direction:ltr;font:16px/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,"Liberation Sans",system-ui,sans-serif;color:#17191c;background:#fff;border:1px solid #dedad1;padding:12px 16px 4px;overflow-wrap:break-word}
h2{font-size:17px;line-height:1.4;margin:0 0 8px}
ol{list-style:none;margin:0;padding:0}
li{padding:9px 0 10px;border-top:1px solid #dedad1}
p{margin:0;padding:9px 0;border-top:1px solid #dedad1}
a{color:#0b5d8c;text-decoration:none;font-weight:600}
a:hover{text-decoration:underline}
a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
small{display:block;color:#55585d;font-size:14px}
.mark{color:#9a2b12;font-weight:700;letter-spacing:.04em}
:host([theme=dark]) section{color:#e8e6e1;background:#14171a;border-color:#33383d}
:host([theme=dark]) :is(li,p){border-color:#33383d}
:host([theme=dark]) a{color:#8ec5ea}
:host([theme=dark]) small{color:#a9adb2}
:host([theme=dark]) .mark{color:#f0a48d}`;

const two = (n) => (n < 10 ? `0${n}` : `${n}`);
const when = (text, dayOnly) => {
  const local = new Date(Date.parse(text) + 7 * 3600e3);
  const day = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return dayOnly ? day : `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}, ${day}`;
};
const add = (parent, name, text = "", className = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  parent.appendChild(element);
  return element;
};
const link = (parent, href, text) => {
  const a = add(parent, "a", text);
  const url = new URL(href, root);
  if (url.protocol === "https:" || url.protocol === "http:") a.href = url.href;
  a.target = "_blank";
  a.rel = "noopener";
  a.referrerPolicy = "no-referrer";
};
const read = async (path) => {
  const answer = await fetch(new URL(path, root), { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};
const age = async () => {
  try {
    const beat = await read("heartbeat.json");
    return beat.valid_until && Date.parse(beat.valid_until) < Date.now() ? beat.time : "";
  } catch {
    return "";
  }
};

const drawn = (data, count, old) => {
  const section = document.createElement("section");
  section.setAttribute("lang", "vi");
  section.setAttribute("aria-label", data.label);
  if (data.ribbon) add(section, "small", data.ribbon, "mark");
  add(section, "h2", data.label);
  const list = data.stories.length ? add(section, "ol") : add(section, "p", "Chưa có tin.");
  for (let n = 0; n < data.stories.length && n < count; n++) {
    const story = data.stories[n];
    const row = add(list, "li");
    link(row, story.url, story.title);
    add(row, "small", `${story.source} · ${when(story.published, story.day)}`);
  }
  if (old) add(add(section, "p"), "small", `Cập nhật lần cuối ${when(old)}; có thể chưa phải tin mới nhất.`);
  link(add(section, "p"), data.home, `Xem tất cả trên ${data.site}`);
  return section;
};

class TinYTe extends HTMLElement {
  #begun = false;

  connectedCallback() {
    if (this.#begun) return;
    this.#begun = true;
    this.#show().catch(() => {});
  }

  async #show() {
    const shelf = this.getAttribute("shelf") || "all";
    if (!/^[a-z0-9]+([-/][a-z0-9]+)*$/.test(shelf)) return;
    const asked = parseInt(this.getAttribute("count"), 10) || 5;
    const waiting = age();
    const data = await read(`embed/latest/${shelf}.json`);
    const section = drawn(data, asked < 1 ? 1 : asked > 20 ? 20 : asked, await waiting);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.appendChild(section);
  }
}

if (!customElements.get("tin-y-te")) customElements.define("tin-y-te", TinYTe);
