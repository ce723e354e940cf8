// A screenshot rewritten with a palette of some hundred colours: a third of the weight, the same to the eye.
import { crc32, deflateSync } from 'node:zlib';

/** `page` is any page of a browser: it decodes the picture. */
export async function smallPng(page, png) {
  const { width, height, pixels } = await page.evaluate(async (source) => {
    const picture = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
    let text = '';
    for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
    return { width: picture.width, height: picture.height, pixels: btoa(text) };
  }, `data:image/png;base64,${png.toString('base64')}`);
  const bytes = Buffer.from(pixels, 'base64');
  const colours = [];
  for (let at = 0; at < bytes.length; at += 4) colours.push((bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]);

  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  // Every family of near colours has its most frequent member; the most frequent families make the palette.
  const families = new Map();
  for (const [colour, count] of counts) {
    const family = colour & 0xf0f0f0;
    const known = families.get(family);
    families.set(family, { colour: known && known.best >= count ? known.colour : colour, best: Math.max(known?.best ?? 0, count), count: (known?.count ?? 0) + count });
  }
  const leaders = [...families.values()].sort((a, b) => b.count - a.count).map(({ colour }) => colour);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = [...new Set([...frequent.slice(0, 32), ...leaders.slice(0, 64)])];
  const far = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  const nearest = new Map();
  for (const colour of counts.keys()) {
    let best = 0;
    for (let at = 1; at < palette.length; at += 1) if (far(colour, palette[at]) < far(colour, palette[best])) best = at;
    nearest.set(colour, best);
  }

  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < colours.length; at += 1) rows[at + Math.floor(at / width) + 1] = nearest.get(colours[at]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
