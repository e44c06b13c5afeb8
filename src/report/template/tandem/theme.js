// Runs before the page is seen: the theme that the reader chose, else the system's.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const key = 'tandem-theme';
  // Browsers may keep a file's page from storing anything.
  const chosen = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const system = () => (dark.matches ? 'dark' : 'light');
  const apply = () => {
    const theme = chosen() ?? system();
    if (document.documentElement.dataset.theme === theme) return;
    document.documentElement.dataset.theme = theme;
    dispatchEvent(new Event('themechange'));
  };
  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);

  addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('.theme-switch');
    const name = () => {
      const { theme } = document.documentElement.dataset;
      button.setAttribute(
        'aria-label',
        `Switch to the ${theme === 'dark' ? 'light' : 'dark'} theme`,
      );
    };
    button.hidden = false;
    button.addEventListener('click', () => {
      const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
      try {
        // What the system says anyway is followed again.
        if (theme === system()) localStorage.removeItem(key);
        else localStorage.setItem(key, theme);
      } catch {
        // It holds for this page then.
      }
      document.documentElement.dataset.theme = theme;
      dispatchEvent(new Event('themechange'));
    });
    addEventListener('themechange', name);
    name();
  });
})();
