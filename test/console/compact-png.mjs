// Reduces screenshots to PNG files with 256 colors. Text and surfaces hardly have more.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const COLORS = 256;
/** Distance between black and white. */
const FARTHEST = 3 * 255 ** 2;

/**
 * Returns the image with a palette. Supports the files of Chromium: eight bits per channel, not interlaced.
 */
export function compact(file) {
  const { width, height, bytes, data } = read(file);
  const pixels = unfilter(inflateSync(data), width, height, bytes);
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += bytes) {
    const color = pixels.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const { palette, places } = quantize(counts);
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rows[pixel + Math.floor(pixel / width) + 1] = places.get(pixels.readUIntBE(pixel * bytes, 3));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.concat(palette.map((color) => Buffer.from(channels(color))));
  return Buffer.concat([
    file.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function read(file) {
  const data = [];
  let header;
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8);
    const content = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    if (type === 'IHDR') {
      header = content;
    } else if (type === 'IDAT') {
      data.push(content);
    }
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return { width, height, bytes: header[9] === 6 ? 4 : 3, data: Buffer.concat(data) };
}

/** Undoes the PNG filters, which store each byte as a difference to its neighbours. */
function unfilter(rows, width, height, bytes) {
  const length = width * bytes;
  const pixels = Buffer.alloc(length * height);
  for (let row = 0; row < height; row += 1) {
    const filter = rows[row * (length + 1)];
    for (let at = 0; at < length; at += 1) {
      const place = row * length + at;
      const left = at >= bytes ? pixels[place - bytes] : 0;
      const above = row > 0 ? pixels[place - length] : 0;
      const corner = row > 0 && at >= bytes ? pixels[place - length - bytes] : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      pixels[place] = rows[row * (length + 1) + 1 + at] + guess;
    }
  }
  return pixels;
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(guess - one));
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

const channels = (color) => [color >> 16, (color >> 8) & 255, color & 255];

/**
 * Selects colors one by one, each the one with the largest total error so far. A dot of another color
 * counts as much as a page of nearly the same one.
 */
function quantize(counts) {
  const colors = [...counts.keys()];
  const places = new Map();
  const errors = colors.map((color) => counts.get(color) * FARTHEST);
  const palette = [];
  while (palette.length < Math.min(COLORS, colors.length)) {
    const worst = colors[errors.indexOf(errors.reduce((one, other) => Math.max(one, other)))];
    colors.forEach((color, index) => {
      const error = counts.get(color) * distance(color, worst);
      if (error < errors[index] || palette.length === 0) {
        errors[index] = error;
        places.set(color, palette.length);
      }
    });
    palette.push(worst);
  }
  return { palette, places };
}

function distance(one, other) {
  const [r, g, b] = channels(one);
  const [red, green, blue] = channels(other);
  return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
