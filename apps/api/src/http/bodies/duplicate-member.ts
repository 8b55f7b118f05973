import { memberPointer } from './check-input.js';

/** A string or a structural character. The loop is unrolled, so that no string causes backtracking. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** An open object with its members so far, or an open array. */
interface Frame {
  readonly names: Set<string> | undefined;
  /** Current member or item. */
  at: string | number;
}

/**
 * Returns the JSON Pointer of the first duplicate member; `undefined` if there is none. `JSON.parse` silently
 * keeps the last one, while other parsers, such as that of a proxy, keep the first.
 *
 * @param json valid JSON.
 */
export function findDuplicateMember(json: string): string | undefined {
  const frames: Frame[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    if (token === '{') {
      frames.push({ names: new Set(), at: '' });
    } else if (token === '[') {
      frames.push({ names: undefined, at: 0 });
    } else if (token === '}' || token === ']') {
      frames.pop();
    } else if (token === ',' && typeof frame?.at === 'number') {
      frame.at += 1;
    } else if (token === ':' && frame?.names) {
      const name = JSON.parse(text) as string;
      frame.at = name;
      if (frame.names.has(name)) {
        return frames.reduce((pointer, { at }) => memberPointer(pointer, String(at)), '');
      }
      frame.names.add(name);
    } else {
      text = token;
    }
  }
  return undefined;
}
