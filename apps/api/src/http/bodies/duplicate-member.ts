import { memberPointer } from './check-plain-json.js';

/** A string, or what begins, ends or separates something. Unrolled, so that no string makes it backtrack. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** An object that is being read with the members so far, or an array. */
interface Frame {
  readonly names: Set<string> | undefined;
  /** The member or item that is being read. */
  at: string | number;
}

/**
 * JSON Pointer to the first member that an object has twice; `undefined` if there is none. `JSON.parse` silently keeps
 * the last of them, while other parsers, such as a proxy's, keep the first.
 *
 * @param json text that `JSON.parse` accepts.
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
