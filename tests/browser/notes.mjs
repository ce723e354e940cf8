// Notes that several people write at once, as a browser shows them.

/** A line that can be cut, as a network can: what is open closes, and nothing opens until it is mended. */
export async function cuttable(page) {
  const line = { isCut: false, open: new Set() };
  await page.routeWebSocket(/\/ligne$/, (socket) => {
    if (line.isCut) return socket.close();
    const server = socket.connectToServer();
    line.open.add(socket);
    socket.onClose(() => { line.open.delete(socket); server.close(); });
    server.onClose(() => socket.close());
  });
  line.cut = async () => {
    line.isCut = true;
    await Promise.all([...line.open].map((socket) => socket.close()));
  };
  line.mend = () => { line.isCut = false; };
  return line;
}

/** The notes of a session, being written. */
export const notes = (page) => page.getByRole('textbox', { name: 'Notes' });
/** What is said of whether they are stored. */
export const state = (page) => page.getByRole('status').filter({ hasText: /enregistré|Enregistrement|réseau/ });

/** Waits until the notes say this: without the names that stand beside the carets of others. */
export const says = (page, words, options = {}) => page.waitForFunction((wanted) => {
  const text = document.querySelector('.ProseMirror')?.cloneNode(true);
  text?.querySelectorAll('.caret').forEach((caret) => caret.remove());
  return text?.textContent.replaceAll('\u2060', '').includes(wanted);
}, words, options);

/** Puts the caret at the end of the notes, and types there. */
export async function type(page, words) {
  await page.locator('.ProseMirror').waitFor();
  await notes(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}
