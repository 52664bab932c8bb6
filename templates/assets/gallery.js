// The gallery's choice of shelf: rewrites the snippets and shows the chosen one live.
const choice = document.querySelector("[data-choice]");
const select = choice?.querySelector("select");
const boxes = [...document.querySelectorAll("[data-snippets] [data-snippet]")].map((code) => ({
  code,
  copy: code.closest("pre").nextElementSibling,
  text: code.textContent,
}));
const frame = document.querySelector("iframe[data-live]");
const fragment = document.querySelector("[data-fragment]");
const address = (form, key) => fragment.dataset.fragment.replace(/latest\/all\.html$/, `latest/${key}.${form}`);

function rewritten(text, key, label) {
  return text
    .replaceAll("embed/latest/all.", `embed/latest/${key}.`)
    .replaceAll("/tin-y-te/all.html", `/tin-y-te/${key.replaceAll("/", "-")}.html`)
    .replace('shelf="all"', `shelf="${key}"`)
    .replace(/Tin y tế mới nhất(?= – )/, () => label.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`));
}

async function showFragment(key) {
  const answer = await fetch(address("fragment.html", key));
  if (!answer.ok || select.value !== key) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  fragment.replaceChildren(...page.body.children);
}

function show(key, label) {
  for (const { code, copy, text } of boxes) {
    code.textContent = rewritten(text, key, label);
    copy.dataset.copy = code.textContent;
  }
  frame.src = address("html", key);
  document.querySelector("tin-y-te-2")?.setAttribute("shelf", key);
  showFragment(key).catch(() => {});
}

if (select) {
  choice.hidden = false;
  select.addEventListener("change", () => show(select.value, select.selectedOptions[0].textContent));
}
