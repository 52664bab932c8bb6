/* Tin y tế chính thức: <tin-y-te shelf="all" count="5">. Version 1.0.0, never changed once released.
   Reads one JSON file beside it. No cookie, no storage, no other host. */
const root = new URL("../../", import.meta.url);
const STYLE = `
:host{display:block;contain:content;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:#1d2327;background:#fff;text-align:left}
:host([theme=dark]){color:#e8eaed;background:#14171a}
section{border:1px solid #c9ced3;border-radius:6px;padding:12px 16px}
:host([theme=dark]) section{border-color:#3a4046}
h2{font-size:17px;line-height:1.4;margin:0 0 8px}
ol{list-style:none;margin:0;padding:0}
li{padding:8px 0;border-top:1px solid #e3e6e8}
:host([theme=dark]) li{border-color:#2b3036}
a{color:var(--tin-y-te-accent,#0b5d8c);text-decoration:none;font-weight:600}
:host([theme=dark]) a{color:#8ec5ea}
a:hover,a:focus{text-decoration:underline}
a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
small{display:block;color:#4c555c;font-size:14px}
:host([theme=dark]) small{color:#b3bac0}
.mark{font-weight:700;letter-spacing:.04em}`;

const two = (n) => String(n).padStart(2, "0");
const when = (text, dayOnly) => {
  const local = new Date(Date.parse(text) + 7 * 3600e3);
  const day = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return dayOnly ? day : `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}, ${day}`;
};
const make = (name, text, children = []) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};
const link = (href, text) => {
  const a = make("a", text);
  if (new URL(href, root).protocol.startsWith("http")) a.href = href;
  a.target = "_blank";
  a.rel = "noopener";
  return a;
};
const read = async (path) => {
  const answer = await fetch(new URL(path, root), { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

class TinYTe extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(document.createElement("slot"));
    this.show(shadow).catch(() => {});
  }

  async show(shadow) {
    const shelf = this.getAttribute("shelf") || "all";
    if (!/^[a-z0-9]+([-/][a-z0-9]+)*$/.test(shelf)) return;
    const count = Math.min(Math.max(parseInt(this.getAttribute("count"), 10) || 5, 1), 20);
    const [data, beat] = await Promise.all([read(`embed/latest/${shelf}.json`), read("heartbeat.json").catch(() => null)]);
    const rows = data.stories.slice(0, count).map((story) =>
      make("li", "", [link(story.url, story.title), make("small", `${story.source} · ${when(story.published, story.day)}`)]),
    );
    const parts = [make("h2", data.label)];
    if (data.ribbon) parts.unshift(Object.assign(make("small", data.ribbon), { className: "mark" }));
    parts.push(rows.length ? make("ol", "", rows) : make("p", "Chưa có tin."));
    const old = beat?.valid_until && Date.parse(beat.valid_until) < Date.now();
    if (old) parts.push(make("small", `Cập nhật lần cuối ${when(beat.time)}; có thể chưa phải tin mới nhất.`));
    parts.push(link(data.home, `Xem tất cả trên ${data.site}`));
    const section = make("section", "", parts);
    section.lang = "vi";
    section.setAttribute("aria-label", data.label);
    shadow.replaceChildren(section);
  }
}

if (!customElements.get("tin-y-te")) customElements.define("tin-y-te", TinYTe);
