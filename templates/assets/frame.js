// A page in a frame tells the page around it how high it is, and nothing else.
const tell = () => parent.postMessage({ tinYTe: "height", height: Math.ceil(document.querySelector("main").getBoundingClientRect().height) }, "*");
new ResizeObserver(tell).observe(document.querySelector("main"));
