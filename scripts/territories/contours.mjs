// Turns each plan of build.py into SVG paths with integer coordinates.
//
// Usage: contours.mjs PLAN_DIR OUT_DIR
//
// mapshaper simplifies the borders, not the polygons, so neighbours keep a common border; the
// percentage of points kept is searched per département so that the file stays in its budget.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import mapshaper from "mapshaper";

const [planDir, outDir] = process.argv.slice(2);
await mkdir(outDir, { recursive: true });

for (const file of (await readdir(planDir)).sort()) {
  const { frame, communes } = JSON.parse(await readFile(join(planDir, file), "utf8"));
  const count = new Set(communes.features.map((f) => f.properties.code)).size;
  // The Drôme (363 communes) must stay under 45 KB, 17 KB compressed.
  const budget = Math.min(Math.max(120 * count, 24_000), 90_000);
  const clean = await run(
    [
      "-i plan.json snap",
      "-clean",
      "-dissolve code copy-fields=epci",
      "-o clean.json format=topojson no-quantization",
    ].join(" "),
    { "plan.json": JSON.stringify(communes) },
  );
  let low = 0;
  let high = 1;
  let best = await draw(frame, clean, high);
  if (best.size > budget) {
    best = undefined;
    for (let step = 0; step < 9; step++) {
      const share = Math.sqrt(Math.max(low, 0.002) * high);
      const drawn = await draw(frame, clean, share);
      if (drawn.size <= budget) {
        best = drawn;
        low = share;
      } else {
        high = share;
      }
    }
  }
  if (!best) throw new Error(`${file}: no simplification fits ${budget} bytes`);
  await writeFile(join(outDir, file), best.json);
  console.log(`${file} ${count} communes, ${best.share.toFixed(4)} of points, ${best.json.length} bytes`);
}

async function draw(frame, clean, share) {
  const output = await run(
    [
      "-i clean.json name=communes",
      `-simplify planar weighted keep-shapes percentage=${share}`,
      "-dissolve + name=outline",
      "-dissolve epci + name=epci target=communes",
      "-filter 'epci !== \"\"' target=epci",
      "-o target=communes,epci,outline format=geojson",
    ].join(" "),
    clean,
  );
  const layer = (name) => JSON.parse(output[`${name}.json`]);
  const paths = (name, key) =>
    layer(name)
      .features.map((f) => ({ code: f.properties[key], d: path(f.geometry) }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  const outline = layer("outline");
  const drawing = {
    ...frame,
    outline: path((outline.geometries ?? outline.features.map((f) => f.geometry))[0]),
    epci: paths("epci", "epci"),
    communes: paths("communes", "code"),
  };
  const json = JSON.stringify(drawing);
  return { json, share, size: Math.max(json.length, gzipSync(json).length / 0.37) };
}

function path(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const rings = polygons.flat().map(integers).filter((ring) => area(ring) !== 0);
  if (rings.length === 0) {
    // Smaller than a unit: a unit square in its place, so that no commune disappears.
    const [x, y] = polygons[0][0][0].map(Math.floor);
    rings.push([[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]);
  }
  return rings.map(ringPath).join("");
}

/** A closed ring on the integer grid, without its last point and without repeated points. */
function integers(ring) {
  const kept = [];
  for (const point of ring) {
    const [x, y] = point.map(Math.round);
    const last = kept.at(-1);
    if (!last || last[0] !== x || last[1] !== y) kept.push([x, y]);
  }
  while (kept.length > 1 && kept[0][0] === kept.at(-1)[0] && kept[0][1] === kept.at(-1)[1]) kept.pop();
  return kept;
}

function area(ring) {
  let sum = 0;
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    sum += x * nextY - nextX * y;
  });
  return sum / 2;
}

function ringPath(ring) {
  let [x, y] = ring[0];
  const start = `M${x}${y < 0 ? "" : " "}${y}l`;
  let numbers = "";
  for (const [nextX, nextY] of ring.slice(1)) {
    for (const delta of [nextX - x, nextY - y]) {
      numbers += delta < 0 || numbers === "" ? delta : ` ${delta}`;
    }
    [x, y] = [nextX, nextY];
  }
  return `${start}${numbers}z`;
}

async function run(commands, input) {
  const output = await mapshaper.applyCommands(commands, input);
  return Object.fromEntries(Object.entries(output).map(([name, data]) => [name, data.toString()]));
}
