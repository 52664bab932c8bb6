// Conveniences only: the site is whole without them. Ages beside times, buttons that copy.
const MINUTE = 60, HOUR = 3600, DAY = 86400;

function age(seconds) {
  if (seconds < 0 || seconds >= 2 * DAY) return "";
  if (seconds < MINUTE) return "vừa xong";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} phút trước`;
  return `${Math.floor(seconds / HOUR)} giờ trước`;
}

for (const time of document.querySelectorAll("time[data-age]")) {
  const words = age((Date.now() - Date.parse(time.dateTime)) / 1000);
  if (!words) continue;
  if (time.dataset.age !== "shown") {
    time.title = words;
    continue;
  }
  const shown = document.createElement("span");
  shown.className = "age";
  shown.textContent = ` · ${words}`;
  time.after(shown);
}

// Said by screen readers: a button that has a name of its own does not tell that its words changed.
const said = document.createElement("p");
said.className = "hidden";
said.setAttribute("role", "status");
document.querySelector("main")?.append(said);

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Đã sao chép";
    } catch {
      button.textContent = "Chưa sao chép được";
    }
    said.textContent = button.textContent;
    setTimeout(() => { button.textContent = label; said.textContent = ""; }, 2000);
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Notices narrowed to a place: words folded as their names are, no marks, đ as d.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

for (const form of document.querySelectorAll("form[data-narrow]")) {
  const [box, said] = [form.querySelector("input"), form.querySelector("[role=status]")];
  const rows = [...document.querySelectorAll(`#${form.dataset.narrow} > [data-names]`)];
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", () => {
    const wanted = fold(box.value);
    for (const row of rows) row.hidden = !row.dataset.names.includes(wanted);
    const left = rows.filter((row) => !row.hidden).length;
    said.textContent = !wanted ? "" : left ? `${left} ${said.dataset.unit || "thông báo"}` : said.dataset.none;
  });
}

// The menu of narrow windows: a press of Escape or a touch elsewhere closes it.
const menu = document.querySelector(".nav-more details");

if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
}
