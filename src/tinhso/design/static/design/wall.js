// Fetch the page anew every minute and put its figures in place; where that fails the old ones stay, with their time.
(() => {
  const again = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('main');
      if (fresh) document.querySelector('main').replaceChildren(...fresh.childNodes);
    } catch { /* the next minute tries again */ }
  };
  setInterval(again, 60000);
})();
