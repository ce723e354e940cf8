// The real mail servers beside which journeys run (`scripts/mail.sh`): what is handed to them, and what they hold.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';

export const box = '/espace/messagerie/boite';
export const [imap, smtp, folder] = (process.env.ESPLANADE_TEST_MAIL ?? '').split(',');

/** Hands messages to the real server, one after the other. */
export async function deliver(messages) {
  const socket = connect(Number(smtp), '127.0.0.1');
  socket.setEncoding('utf8');
  const lines = [];
  let wake = () => {};
  socket.on('data', (text) => { lines.push(...text.split('\r\n').filter((line) => /^\d{3} /.test(line))); wake(); });
  const answer = async () => {
    while (!lines.length) await new Promise((resolve) => { wake = resolve; });
    const line = lines.shift();
    assert.match(line, /^[23]/, line);
  };
  const say = async (text) => { socket.write(`${text}\r\n`); await answer(); };
  await answer();
  await say('EHLO essai.test');
  for (const { from, to, subject, id, body } of messages) {
    await say(`MAIL FROM:<${from}>`);
    await say(`RCPT TO:<${to}>`);
    await say('DATA');
    await say(`From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${id}@essai.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n.`);
  }
  socket.end();
}

/** Connects the network’s mailbox through its assistant, with a wrong password first. */
export async function connectMailbox(visitor, address) {
  const { page } = visitor;
  await visitor.visit(box);
  assert.match(await visitor.heading().innerText(), /Relier la boîte/);
  await visitor.picture('var/browser', `mailbox-connect-${visitor.width}`);
  await page.getByLabel('Adresse de la boîte').fill(address);
  await page.getByLabel('Mot de passe de la boîte').fill('mauvais');
  await page.getByText('Serveurs', { exact: true }).click();
  for (const [name, port] of [['reception', imap], ['envoi', smtp]]) {
    await page.locator(`#${name}`).fill('127.0.0.1');
    await page.locator(`#${name}-port`).fill(port);
    await page.locator(`#${name}-securite`).selectOption('none');
  }
  const send = () => page.getByRole('button', { name: 'Essayer et enregistrer' }).click();
  assert.equal(await visitor.follow(send), 422);
  await page.getByText('refuse l’identifiant ou le mot de passe').first().waitFor();
  await page.getByLabel('Mot de passe de la boîte').fill('motdepasse');
  await visitor.follow(send);
}

/** What a mailbox holds: subject, text and files of each message, the last to come last. */
const READER = `
import email, email.policy, glob, hashlib, json, os, sys
found = glob.glob(os.path.join(sys.argv[1], 'Maildir', '*', '*'))
found = [path for path in found if os.path.basename(os.path.dirname(path)) in ('new', 'cur')]
out = []
for path in sorted(found, key=os.path.getmtime):
    with open(path, 'rb') as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    text = message.get_body(('plain',))
    files = [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]
    files = [{'name': name, 'start': bytes[:5].decode('latin-1'), 'print': hashlib.sha256(bytes).hexdigest()} for name, bytes in files]
    out.append({'subject': message['subject'], 'text': text.get_content() if text else '', 'files': files})
print(json.dumps(out))
`;

/** The message that a real mailbox received under this subject, once it is there. */
export async function received(address, subject) {
  const [name, domain] = address.split('@');
  let all = [];
  for (let turn = 0; turn < 300; turn += 1) {
    const { stdout } = spawnSync('python3', ['-c', READER, `${folder}/homes/${domain}/${name}`], { encoding: 'utf8' });
    all = JSON.parse(stdout || '[]');
    const found = all.findLast((message) => message.subject.includes(subject));
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error(`${address} received nothing about « ${subject} »: ${all.map((message) => message.subject).join(', ')}`);
}
