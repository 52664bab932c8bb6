// Emergency notices on pages that do not bear them in their markup, such as all that are older than a week: a bar at the
// foot of the window, so that nothing moves.
// A page that pins the site's offline root (meta name="trust-root") shows only what it vouches for, as embeds do
// (embeds/loader-sources): state, stamp, roll, digest. Where the browser cannot check (http), the page is no safer itself.
const root = new URL("../", import.meta.url);
const SHELF = "canh-bao";
const BINS = 32; // of the roll
const pin = document.querySelector("meta[name=trust-root]")?.content;

const read = async (path) => {
  const answer = await fetch(new URL(path, root), { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(path);
  return answer.arrayBuffer();
};
const parse = (data) => JSON.parse(new TextDecoder().decode(data));
const coded = (text) => new TextEncoder().encode(text);
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const digest = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const named = async (data) => btoa(String.fromCharCode(...(await digest(data))));

async function opened(kind, envelope, point) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(point), algorithm, false, ["verify"]);
  const said = coded(`official-news-aggregator ${kind} 1\n${envelope.signed}`);
  if (!(await crypto.subtle.verify(algorithm, key, bytes(envelope.signature), said))) throw new Error(kind);
  const statement = JSON.parse(envelope.signed);
  if (!(Date.parse(statement.until) > Date.now())) throw new Error(`${kind}: old`);
  return statement;
}

async function vouched(data) {
  const bin = (await digest(coded(SHELF)))[0] % BINS;
  const [state, beat, roll] = await Promise.all(["embed/state.json", "heartbeat.json", `embed/roll/${bin}.json`].map(read));
  const { keys } = await opened("embeds-state", parse(state), pin);
  const { embeds } = parse(beat);
  const stamp = await opened("embeds-stamp", embeds, keys[embeds.key]);
  if ((await named(roll)) !== stamp.roll[bin]) throw new Error("roll");
  if (!parse(roll).includes(await named(data))) throw new Error("not in the roll");
}

function add(parent, name, text, className) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return parent.appendChild(element);
}

function show(alerts) {
  const bar = document.createElement("aside");
  bar.className = "alert-bar";
  bar.setAttribute("aria-label", "Thông báo khẩn");
  const said = add(bar, "div", "", "wrap");
  said.setAttribute("role", "alert");
  const list = add(said, "ul");
  for (const one of alerts) {
    const row = add(list, "li");
    add(row, "strong", one.mark);
    row.append(" ");
    const link = add(row, "a", one.headline);
    const url = new URL(one.url, root);
    if (url.origin === root.origin) link.href = url.href;
    add(row, "small", one.line);
  }
  document.body.append(bar);
  document.body.style.paddingBlockEnd = `${bar.offsetHeight}px`; // so that the foot of the page can be read, too
}

try {
  const data = await read(`embed/latest/${SHELF}.json`);
  const borne = Array.from(document.querySelectorAll("[data-alert]"), (box) => box.dataset.alert);
  const alerts = parse(data).alerts.filter((one) => !borne.includes(one.id) && Date.parse(one.until) > Date.now());
  if (alerts.length && pin && globalThis.crypto?.subtle) await vouched(data);
  if (alerts.length) show(alerts);
} catch {
  // The page stays as it is: its own news are no less true without the bar.
}
