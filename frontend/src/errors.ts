// A form that comes back with errors: the reader starts at the summary, and its links lead into the fields.
export function errors(): void {
  document.querySelector<HTMLElement>('.error-summary')?.focus();
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('.error-summary a[href^="#"]');
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    event.preventDefault();
    const field = place.matches('input, select, textarea') ? place : place.querySelector<HTMLElement>('input, select, textarea') ?? place;
    field.focus();
    (field.closest('.field') ?? field).scrollIntoView({ block: 'center' });
  });
}
