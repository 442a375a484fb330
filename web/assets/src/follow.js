// A blocking script in <head>, only for accounts that follow the system: it sets the theme before the first paint.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", paint);
  paint();
})();
