// Runs before anything is painted: the theme of the person who is signed in, as the server has written it; for all
// others the one that was chosen in this browser; else the system's.
(function () {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const page = document.documentElement.dataset;

  function chosen() {
    const cookie = document.cookie.match(/(?:^|; )theme=(light|dark)/);
    return page.themeChoice || (cookie ? cookie[1] : "system");
  }

  function apply() {
    const theme = chosen();
    page.bsTheme = theme === "system" ? (system.matches ? "dark" : "light") : theme;
  }

  system.addEventListener("change", apply);
  window.chooseTheme = function (theme) {
    const seconds = theme === "system" ? 0 : 365 * 24 * 3600;
    document.cookie = `theme=${theme}; path=/; max-age=${seconds}; samesite=lax`;
    page.themeChoice = theme;
    apply();
  };
  apply();
})();
