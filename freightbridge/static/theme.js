// Runs before anything is painted: the theme that was chosen here, else the system's.
(function () {
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    const cookie = document.cookie.match(/(?:^|; )theme=(light|dark)/);
    return cookie ? cookie[1] : "";
  }

  function apply() {
    document.documentElement.dataset.bsTheme = chosen() || (system.matches ? "dark" : "light");
    document.documentElement.dataset.themeChoice = chosen() || "system";
  }

  system.addEventListener("change", apply);
  window.chooseTheme = function (theme) {
    const seconds = theme === "system" ? 0 : 365 * 24 * 3600;
    document.cookie = `theme=${theme}; path=/; max-age=${seconds}; samesite=lax`;
    apply();
  };
  apply();
})();
