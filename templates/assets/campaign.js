// Offers the store of the reader's device alone; where the device is no telephone, or on asking, both stay.
const shops = document.querySelector("[data-shops]");
const agent = navigator.userAgent;
const apple = /iphone|ipad|ipod/i.test(agent) || (/macintosh/i.test(agent) && navigator.maxTouchPoints > 1);
const device = apple ? "ios" : /android/i.test(agent) ? "android" : "";

if (device && shops?.querySelector(`[data-shop="${device}"]`)) {
  const others = shops.querySelector("[data-others]");
  shops.dataset.device = device;
  others.hidden = false;
  others.querySelector("button").addEventListener("click", () => {
    delete shops.dataset.device;
    others.hidden = true;
    shops.querySelector(`[data-shop="${device}"] a`).focus();
  });
}
