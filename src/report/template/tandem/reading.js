// Reading aids for a notebook's page: a table of contents, folded code, copy buttons and anchors.
(() => {
  /** The table of contents, built from the headings, with the current section marked. */
  const contents = () => {
    const nav = document.querySelector('.contents');
    const headings = [...document.querySelectorAll('main :is(h2, h3)[id]')];
    if (!nav || headings.length < 2) return;
    const links = headings.map((heading) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      const title = heading.cloneNode(true);
      title.querySelector('.anchor-link')?.remove();
      link.href = `#${heading.id}`;
      link.textContent = title.textContent;
      if (heading.tagName === 'H3') item.className = 'deeper';
      item.append(link);
      nav.querySelector('ol').append(item);
      return link;
    });
    const wide = matchMedia('(width >= 64rem)');
    const details = nav.querySelector('details');
    const unfold = () => {
      details.open = wide.matches;
    };
    unfold();
    wide.addEventListener('change', unfold);
    nav.addEventListener('click', ({ target }) => {
      if (target.closest('a') && !wide.matches) details.open = false;
    });
    nav.hidden = false;

    let waiting = false;
    const follow = () => {
      waiting = false;
      const line = innerHeight / 4;
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
      const current = atEnd && scrollY > 0 ? headings.length - 1 : passed.length - 1;
      links.forEach((link, index) => {
        if (index === current) link.setAttribute('aria-current', 'location');
        else link.removeAttribute('aria-current');
      });
    };
    const soon = () => {
      if (!waiting) requestAnimationFrame(follow);
      waiting = true;
    };
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    follow();
  };

  /** One switch for all code of the page; a link into a folded cell unfolds it. */
  const folding = () => {
    const cells = [...document.querySelectorAll('details.code')];
    const button = document.querySelector('.code-switch');
    if (!button || cells.length === 0) return;
    const allOpen = () => cells.every((cell) => cell.open);
    const name = () => {
      button.setAttribute('aria-pressed', String(allOpen()));
      button.querySelector('b').textContent = allOpen() ? 'Hide' : 'Show';
    };
    button.addEventListener('click', () => {
      const open = !allOpen();
      for (const cell of cells) cell.open = open;
    });
    for (const cell of cells) cell.addEventListener('toggle', name);
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const cell = target?.querySelector(':scope > details.code');
      if (cell) cell.open = true;
    };
    addEventListener('hashchange', reveal);
    reveal();
    button.hidden = false;
    name();
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page opened from a file may have no access to the clipboard.
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  };

  const copies = () => {
    for (const block of document.querySelectorAll('.input, .prose pre')) {
      const frame = document.createElement('div');
      frame.className = 'copied';
      block.replaceWith(frame);
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      button.addEventListener('click', async () => {
        await copy(block.textContent.replace(/\n$/, ''));
        button.textContent = 'Copied';
        setTimeout(() => {
          button.textContent = 'Copy';
        }, 1500);
      });
      block.tabIndex = 0;
      frame.append(block, button);
    }
  };

  const anchors = () => {
    for (const link of document.querySelectorAll('.anchor-link')) {
      const title = link.parentElement.textContent.replace('¶', '').trim();
      link.setAttribute('aria-label', `Link to “${title}”`);
      link.textContent = '#';
    }
  };

  /** A table that is wider than the page can be scrolled with the keyboard when focused. */
  const tables = () => {
    for (const table of document.querySelectorAll(':is(.output, .prose) table')) {
      const focusable = () => {
        if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
        else table.removeAttribute('tabindex');
      };
      new ResizeObserver(focusable).observe(table);
      focusable();
    }
  };

  tables();
  copies();
  contents();
  anchors();
  folding();
})();
