// Some submissions must wait for an answer (a confirmation, a new login). Guards run in order, then the form leaves.
type Guard = (form: HTMLFormElement, submitter: HTMLElement | null) => Promise<boolean>;

const guards: { selector: string; run: Guard }[] = [];
const cleared = new WeakSet<HTMLFormElement>();
const waiting = new WeakSet<HTMLFormElement>();

export function guardSubmit(selector: string, run: Guard): void {
  guards.push({ selector, run });
}

export function submitGuards(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter;
    if (cleared.delete(form)) return;
    const needed = guards.filter(({ selector }) => form.matches(selector) || submitter?.matches(selector));
    if (!needed.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.add(form);
    void (async () => {
      try {
        for (const { run } of needed) if (!(await run(form, submitter))) return;
        cleared.add(form);
        form.requestSubmit(submitter);
      } finally {
        waiting.delete(form);
      }
    })();
  }, true);
}
