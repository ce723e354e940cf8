// A form that comes back with errors: the reader starts at the summary.
export function errors(): void {
  document.querySelector<HTMLElement>('.error-summary')?.focus();
}
