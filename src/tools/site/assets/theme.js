// Runs before the page is painted, so that it does not flash in the other theme.
(() => {
  const { dataset } = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    dataset.theme = localStorage.getItem('theme') ?? (system.matches ? 'dark' : 'light');
    // The search dialog has a name of its own for it.
    dataset.pfTheme = dataset.theme;
  };
  show();
  system.addEventListener('change', show);

  document.addEventListener('DOMContentLoaded', () => {
    const narrow = matchMedia('(max-width: 60rem)');
    const contents = document.querySelector('details.contents');
    const fold = () => {
      if (contents) contents.open = !narrow.matches;
    };
    fold();
    narrow.addEventListener('change', fold);
    if (!narrow.matches) contents?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });

    document.querySelector('button.theme')?.addEventListener('click', () => {
      localStorage.setItem('theme', dataset.theme === 'dark' ? 'light' : 'dark');
      show();
    });
  });
})();
