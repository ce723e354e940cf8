// Draws the départements of France on one plane from the outlines in data/territories/contours.
//
// Usage: france.mjs CONTOURS_DIR OUT_FILE
//
// Each outline was simplified on its own: mapshaper snaps the two sides of a border together before it
// simplifies them as one. Overseas départements stand in boxes below, each at its own scale.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import mapshaper from "mapshaper";

const [contours, out] = process.argv.slice(2);
const WIDTH = 1000;
const OVERSEAS = ["971", "972", "973", "974", "976"];
const BOX = { side: 120, gap: 20, top: 1020 };
/** Degrees within which two points of neighbouring outlines are one. */
const SNAP = 0.012;

const features = [];
for (const file of (await readdir(contours)).sort()) {
  const drawing = JSON.parse(gunzipSync(await readFile(join(contours, file))));
  const code = file.split(".")[0];
  const coordinates = rings(drawing.outline).map((ring) => [
    ring.map(([x, y]) => [drawing.lon0 + x / drawing.kx, drawing.lat1 - y / drawing.ky]),
  ]);
  features.push({ type: "Feature", properties: { code }, geometry: { type: "MultiPolygon", coordinates } });
}

const mainland = await simplified(features.filter(({ properties }) => !OVERSEAS.includes(properties.code)), "7%");
const overseas = await simplified(features.filter(({ properties }) => OVERSEAS.includes(properties.code)), "45%");

const middle = Math.cos((46.5 * Math.PI) / 180);
const box = bounds(mainland);
const scale = WIDTH / ((box.right - box.left) * middle);
const departements = mainland.map((feature) =>
  shape(feature, ([lon, lat]) => [(lon - box.left) * middle * scale, (box.top - lat) * scale]),
);
OVERSEAS.forEach((code, at) => {
  const own = overseas.filter(({ properties }) => properties.code === code);
  if (own.length === 0) return;
  const area = bounds(own);
  const narrow = Math.cos((((area.top + area.bottom) / 2) * Math.PI) / 180);
  const fit = BOX.side / Math.max((area.right - area.left) * narrow, area.top - area.bottom);
  const left = at * (BOX.side + BOX.gap) + BOX.gap + (BOX.side - (area.right - area.left) * narrow * fit) / 2;
  const top = BOX.top + (BOX.side - (area.top - area.bottom) * fit) / 2;
  departements.push(shape(own[0], ([lon, lat]) => [left + (lon - area.left) * narrow * fit, top + (area.top - lat) * fit]));
});
departements.sort((a, b) => (a.code < b.code ? -1 : 1));
const drawing = { width: WIDTH, height: BOX.top + BOX.side + BOX.gap, departements };
await writeFile(out, gzipSync(JSON.stringify(drawing), { level: 9 }));
console.log(`${departements.length} départements, ${JSON.stringify(drawing).length} bytes`);

async function simplified(all, share) {
  const input = { "in.json": JSON.stringify({ type: "FeatureCollection", features: all }) };
  const steps = `-i in.json snap snap-interval=${SNAP} -clean gap-fill-area=60km2 sliver-control=1 -filter-islands min-area=12km2 -simplify weighted keep-shapes ${share} -o out.json format=geojson`;
  return JSON.parse((await mapshaper.applyCommands(steps, input))["out.json"]).features;
}

/** The rings of an SVG path made of `M`, relative `l` and `z`. */
function rings(path) {
  return path.split("M").filter(Boolean).map((text) => {
    const [head, tail = ""] = text.replace("z", "").split("l");
    const numbers = (part) => (part.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
    let [x, y] = numbers(head);
    const ring = [[x, y]];
    const steps = numbers(tail);
    for (let at = 0; at + 1 < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      ring.push([x, y]);
    }
    ring.push(ring[0]);
    return ring;
  });
}

function points(feature) {
  const { type, coordinates } = feature.geometry;
  return (type === "Polygon" ? [coordinates] : coordinates).flat(2);
}

function bounds(all) {
  const every = all.flatMap(points);
  const side = (pick, axis) => every.reduce((found, point) => pick(found, point[axis]), every[0][axis]);
  return { left: side(Math.min, 0), right: side(Math.max, 0), bottom: side(Math.min, 1), top: side(Math.max, 1) };
}

function shape(feature, place) {
  const { type, coordinates } = feature.geometry;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const all = polygons.flat().map((ring) => ring.map((point) => place(point).map(Math.round)));
  const d = all.filter((ring) => area(ring) > 6).map(ringPath).join("");
  const largest = all.reduce((found, ring) => (area(ring) > area(found) ? ring : found), all[0]);
  return { code: feature.properties.code, d, x: centre(largest, 0), y: centre(largest, 1) };
}

function area(ring) {
  let sum = 0;
  ring.forEach(([x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length];
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum / 2);
}

function centre(ring, axis) {
  const values = ring.map((point) => point[axis]);
  return Math.round((Math.min(...values) + Math.max(...values)) / 2);
}

function ringPath(ring) {
  let [x, y] = ring[0];
  let numbers = "";
  for (const [nextX, nextY] of ring.slice(1)) {
    if (nextX === x && nextY === y) continue;
    for (const delta of [nextX - x, nextY - y]) numbers += delta < 0 || numbers === "" ? delta : ` ${delta}`;
    [x, y] = [nextX, nextY];
  }
  return `M${ring[0][0]} ${ring[0][1]}l${numbers}z`;
}
