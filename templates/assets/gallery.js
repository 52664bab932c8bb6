// The gallery's choice of shelf: rewrites the snippets and shows the chosen one live.
const choice = document.querySelector("[data-choice]");
const select = choice?.querySelector("select");
const boxes = [...document.querySelectorAll("[data-snippets] .snippet")].map((box) => ({
  code: box.querySelector("[data-snippet]"),
  copy: box.querySelector("[data-copy]"),
  text: box.querySelector("[data-snippet]").textContent,
}));
const frame = document.querySelector("iframe[data-live]");

function show(key, label) {
  for (const { code, copy, text } of boxes) {
    const changed = text
      .replace(/embed\/latest\/all\./g, `embed/latest/${key}.`)
      .replace('shelf="all"', `shelf="${key}"`)
      .replace("/tin-y-te/all.html", `/tin-y-te/${key.replaceAll("/", "-")}.html`);
    code.textContent = changed;
    copy.dataset.copy = changed;
  }
  frame.src = frame.src.replace(/embed\/latest\/.*$/, `embed/latest/${key}.html`);
  const old = document.querySelector("tin-y-te");
  const fresh = document.createElement("tin-y-te");
  fresh.setAttribute("shelf", key);
  fresh.setAttribute("count", "5");
  fresh.textContent = label;
  old.replaceWith(fresh);
}

if (select) {
  choice.hidden = false;
  select.addEventListener("change", () => show(select.value, select.selectedOptions[0].textContent));
}
