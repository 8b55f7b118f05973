import { fold } from './weakness.js';

/** What everybody knows of a user. */
export interface PasswordOwner {
  /** Name in any spelling. */
  name: string;
  displayName?: string | null;
  email?: string | null;
}

const PRODUCT = 'Latchkey';

/** A shorter word is in half of all passwords by chance. */
const SHORTEST_WORD = 3;

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

/** The words that everybody connects with a user and a server, whole and in parts: names, addresses, the product. */
export function knownWords(owner: PasswordOwner, publicUrl: string): string[] {
  const [mailbox] = owner.email?.split('@') ?? [];
  const wholes = [owner.name, owner.displayName, owner.email, mailbox, PRODUCT, new URL(publicUrl).hostname]
    .filter((whole) => typeof whole === 'string')
    .map(fold);
  const words = wholes.flatMap((whole) => [whole, ...whole.split(BETWEEN_WORDS)]);
  return [...new Set(words)].filter((word) => [...word].length >= SHORTEST_WORD);
}
