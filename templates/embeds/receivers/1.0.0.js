/* Sets the height of <iframe data-tin-y-te> to what the page in it says. Version 1.0.0, never changed once released.
   A message counts only when it comes from the window of that very frame (event.source): a sandboxed frame has no
   origin to go by. The height is a number of px between 40 and 2000; nothing else is read, nothing is sent. */
addEventListener("message", (event) => {
  const said = event.data;
  if (!said || said.tinYTe !== "height" || !(said.height >= 40 && said.height <= 2000)) return;
  const frames = document.querySelectorAll("iframe[data-tin-y-te]");
  for (let n = 0; n < frames.length; n++)
    if (frames[n].contentWindow === event.source) frames[n].setAttribute("height", `${Math.ceil(said.height)}`);
});
