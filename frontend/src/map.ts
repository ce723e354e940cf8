// Zoom, pan and names on the server-drawn map. Places are links, so the keyboard needs nothing more.
import { each, enhance, h } from './dom.ts';

interface Box { x: number; y: number; width: number; height: number }

export function map(): void {
  enhance((root) => each<SVGSVGElement>(root, 'svg.map[viewBox]', attach));
}

function attach(svg: SVGSVGElement): void {
  const frame = svg.closest<HTMLElement>('.map-frame') ?? svg.parentElement;
  const { x, y, width, height } = svg.viewBox.baseVal;
  const whole: Box = { x, y, width, height };
  let box = { ...whole };
  if (!frame) return;

  const show = (next: Box) => {
    const width = Math.min(Math.max(next.width, whole.width / 12), whole.width);
    const height = (width * whole.height) / whole.width;
    const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
    box = { width, height, x: clamp(next.x, whole.x, whole.x + whole.width - width), y: clamp(next.y, whole.y, whole.y + whole.height - height) };
    svg.setAttribute('viewBox', `${box.x} ${box.y} ${box.width} ${box.height}`);
    // Zoomed in, a finger moves the map; otherwise it scrolls the page.
    svg.style.touchAction = box.width < whole.width ? 'none' : 'pan-y';
  };
  const zoom = (factor: number, at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }) =>
    show({ width: box.width * factor, height: box.height * factor, x: at.x - (at.x - box.x) * factor, y: at.y - (at.y - box.y) * factor });
  const point = (event: { clientX: number; clientY: number }) => {
    const matrix = svg.getScreenCTM()?.inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return { x, y };
  };

  frame.addEventListener('click', (event) => {
    const act = (event.target as Element).closest<HTMLElement>('[data-map]')?.dataset['map'];
    if (act === 'in') zoom(0.6);
    else if (act === 'out') zoom(1 / 0.6);
    else if (act === 'whole') show(whole);
  });
  // A bare wheel keeps scrolling the page; a trackpad pinch arrives as ctrl + wheel.
  svg.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 300), point(event));
  }, { passive: false });

  const fingers = new Map<number, PointerEvent>();
  let moved = 0;
  svg.addEventListener('pointerdown', (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const from = point(before);
    const to = point(event);
    moved += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (fingers.size === 1) {
      show({ ...box, x: box.x + from.x - to.x, y: box.y + from.y - to.y });
    } else {
      const other = [...fingers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
      if (other) {
        const gap = (one: PointerEvent) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
        zoom(gap(before) / Math.max(gap(event), 1), point(other));
      }
    }
    fingers.set(event.pointerId, event);
  });
  const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
  svg.addEventListener('pointerup', lift);
  svg.addEventListener('pointercancel', lift);
  svg.addEventListener('dragstart', (event) => event.preventDefault());
  // The end of a drag is not a visit.
  svg.addEventListener('click', (event) => { if (moved > 4) event.preventDefault(); }, true);

  names(svg, frame);
}

/** Shows at once, on hover and on focus, what the browser would show late or never. */
function names(svg: SVGSVGElement, frame: HTMLElement): void {
  const tip = frame.appendChild(h('div', { class: 'map-tip', hidden: true, 'aria-hidden': 'true' }));
  for (const title of svg.querySelectorAll('a > title, .commune > title, .pin > title')) {
    const owner = title.parentElement;
    if (!owner) continue;
    owner.setAttribute('aria-label', title.textContent ?? '');
    if (owner.localName !== 'a') owner.setAttribute('role', 'img');
    title.remove();
  }
  const show = (event: Event) => {
    const named = (event.target as Element).closest('[aria-label]');
    if (!named || !svg.contains(named) || (named as Element) === svg) return hide();
    const place = named.getBoundingClientRect();
    const around = frame.getBoundingClientRect();
    tip.textContent = named.getAttribute('aria-label');
    tip.hidden = false;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(place.left + place.width / 2 - around.left, half + 4), around.width - half - 4)}px`;
    tip.style.top = `${Math.max(place.top - around.top, tip.offsetHeight + 16)}px`;
  };
  const hide = () => { tip.hidden = true; };
  svg.addEventListener('pointerover', show);
  svg.addEventListener('focusin', show);
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('focusout', hide);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
}
