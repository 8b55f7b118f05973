const WIDTH = 1_200;
const ROW = 18;
const MARGIN = 10;
const HEAD = 46;
/** Narrower boxes have no label, in pixels. */
const NARROWEST = 0.5;
const LETTER = 6.2;

const COLOURS = {
  latchkey: '#3f6fd9',
  framework: '#e2a33d',
  node: '#7fb07a',
  native: '#a9a9b3',
  other: '#c98bb9',
};
const FRAMEWORK = /^(@nestjs\/|fastify$|@fastify\/|find-my-way$|rxjs$)/;

/**
 * Draws a flame graph: one box per function, above its caller. The width is the time including callees.
 *
 * @param {{ stack: object[], microseconds: number }[]} stacks
 * @param {(callFrame: object) => string} partOf returns the source of a function
 * @returns {string} SVG
 */
export function drawFlames(stacks, partOf) {
  const root = { microseconds: 0, children: new Map(), depth: 0 };
  for (const { stack, microseconds } of stacks) {
    root.microseconds += microseconds;
    let box = root;
    for (const frame of stack) {
      const part = partOf(frame);
      const label = `${frame.functionName || '(anonymous)'}, ${part}`;
      if (!box.children.has(label)) {
        box.children.set(label, { label, part, microseconds: 0, children: new Map(), depth: box.depth + 1 });
      }
      box = box.children.get(label);
      box.microseconds += microseconds;
    }
  }
  const scale = (WIDTH - 2 * MARGIN) / root.microseconds;
  const boxes = place(root, MARGIN, scale);
  const height = HEAD + (Math.max(...boxes.map(({ depth }) => depth)) + 1) * ROW;
  const drawn = boxes.map((box) => draw(box, root.microseconds, height)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
${legend()}
${drawn}
</svg>
`;
}

function place({ children }, left, scale) {
  let at = left;
  return [...children.values()]
    .sort((a, b) => b.microseconds - a.microseconds)
    .flatMap((child) => {
      const width = child.microseconds * scale;
      const placed = width < NARROWEST ? [] : [{ ...child, left: at, width }, ...place(child, at, scale)];
      at += width;
      return placed;
    });
}

function draw({ label, part, microseconds, depth, left, width }, total, height) {
  const top = height - (depth + 0.5) * ROW;
  const share = ((100 * microseconds) / total).toFixed(1);
  const letters = Math.floor((width - 6) / LETTER);
  const text = label.length <= letters ? label : label.slice(0, Math.max(0, letters - 1)) + '…';
  const words =
    letters > 3
      ? `<text x="${(left + 3).toFixed(1)}" y="${top + 12}" fill="#111">${escape(text)}</text>`
      : '';
  return `<g><title>${escape(label)}: ${share} %</title><rect x="${left.toFixed(1)}" y="${top}" width="${Math.max(width - 0.5, 0.3).toFixed(1)}" height="${ROW - 1}" rx="1" fill="${COLOURS[kindOf(part)]}" fill-opacity="0.75"/>${words}</g>`;
}

function kindOf(part) {
  if (part in COLOURS) {
    return part;
  }
  return FRAMEWORK.test(part) ? 'framework' : 'other';
}

function legend() {
  const names = {
    latchkey: 'Latchkey',
    framework: 'Nest and Fastify',
    node: 'Node',
    native: 'native',
    other: 'other packages',
  };
  return Object.entries(names)
    .map(
      ([kind, name], index) =>
        `<rect x="${MARGIN + index * 150}" y="14" width="14" height="14" rx="2" fill="${COLOURS[kind]}" fill-opacity="0.75"/><text x="${MARGIN + 20 + index * 150}" y="25" font-size="13" fill="#111">${name}</text>`,
    )
    .join('\n');
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
