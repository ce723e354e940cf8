// Menus are plain details; here they also close on Escape, on a click elsewhere, and one at a time.
const menus = 'details.menu, details.account, details.drop';

export function openMenus(): void {
  const close = (except?: Element | null) => {
    document.querySelectorAll<HTMLDetailsElement>(menus).forEach((menu) => {
      if (menu.open && menu !== except && !menu.contains(except ?? null)) menu.open = false;
    });
  };
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    // A link to a place of the same page leaves the menu too.
    close(target.closest('a[href^="#"]') ? null : target.closest(menus));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = document.activeElement?.closest<HTMLDetailsElement>(menus);
    if (!open?.open) return;
    open.open = false;
    open.querySelector('summary')?.focus();
  });
}
