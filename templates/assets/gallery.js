// The gallery's options: they rewrite the snippets and show what was chosen live.
const options = document.querySelector("[data-choice]");
const select = document.getElementById("muc");
const boxes = [...document.querySelectorAll("[data-snippets] [data-snippet]")].map((code) => ({
  code,
  copy: code.closest("pre").nextElementSibling,
  text: code.textContent,
}));
const fragment = document.querySelector("[data-fragment]");
const frames = [...document.querySelectorAll("iframe[data-live]")];
const elements = [...document.querySelectorAll("tin-y-te-2")];
const news = elements.filter((one) => one.hasAttribute("shelf") && !one.hasAttribute("kind"));
const address = (form, key) => fragment.dataset.fragment.replace(/latest\/all\.html$/, `latest/${key}.${form}`);
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// What the fields say of the element, by attribute; "" leaves it out.
function chosen() {
  const fields = [...options.querySelectorAll("[data-attribute]")];
  const usual = (field) => field.defaultValue ?? "";
  return fields.map((field) => [field.dataset.attribute, field.value === usual(field) ? "" : field.value]);
}

function withAttributes(text) {
  return chosen().reduce((now, [name, value]) => {
    if (!value) return now;
    if (name === "count") return now.replace(/(<tin-y-te-2[^>]*? )count="\d+"/, (_, head) => `${head}count="${Number(value)}"`);
    return now.replace("<tin-y-te-2", () => `<tin-y-te-2 ${name}="${escaped(value)}"`);
  }, text);
}

function rewritten(text, key, label) {
  const ofShelf = text
    .replaceAll("embed/latest/all.", `embed/latest/${key}.`)
    .replaceAll("/tin-y-te/all.html", `/tin-y-te/${key.replaceAll("/", "-")}.html`)
    .replace('shelf="all"', `shelf="${key}"`)
    .replace(/Tin y tế mới nhất(?= – )/, () => escaped(label));
  return withAttributes(ofShelf);
}

async function showFragment(key) {
  const answer = await fetch(address("fragment.html", key));
  if (!answer.ok || select.value !== key) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  fragment.replaceChildren(...page.body.children);
}

function rewrite() {
  for (const { code, copy, text } of boxes) {
    code.textContent = rewritten(text, select.value, select.selectedOptions[0].textContent);
    copy.dataset.copy = code.textContent;
  }
  for (const one of elements) for (const [name, value] of chosen()) show(one, name, value);
}

function show(element, name, value) {
  if (name === "count") {
    if (value && element.hasAttribute("count")) element.setAttribute("count", value);
  } else if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function showShelf() {
  rewrite();
  for (const frame of frames) frame.src = address(frame.dataset.live, select.value);
  for (const one of news) one.setAttribute("shelf", select.value);
  showFragment(select.value).catch(() => {});
}

if (select) {
  options.hidden = false;
  select.addEventListener("change", showShelf);
  for (const field of options.querySelectorAll("[data-attribute]")) field.addEventListener("input", rewrite);
}
