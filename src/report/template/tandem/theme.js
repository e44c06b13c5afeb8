// Runs before the page is shown: applies the reader's theme, else the system's.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const key = 'tandem-theme';
  // Browsers may block storage for pages opened from a file.
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
        // Same as the system's theme: follow the system again.
        if (theme === system()) localStorage.removeItem(key);
        else localStorage.setItem(key, theme);
      } catch {
        // Then it applies to this page only.
      }
      document.documentElement.dataset.theme = theme;
      dispatchEvent(new Event('themechange'));
    });
    addEventListener('themechange', name);
    name();
  });
})();
