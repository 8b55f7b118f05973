import { fold } from './weakness.js';

/** Public facts about the owner of a password. */
export interface PasswordOwner {
  /** Name in any spelling. */
  name: string;
  displayName?: string | null;
  email?: string | null;
}

const PRODUCT = 'Latchkey';

/** Shorter words occur in half of all passwords by chance. */
const SHORTEST_WORD = 3;

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

/**
 * Returns the words that are associated with a user and a server: names, addresses and the product, whole and
 * in parts.
 */
export function knownWords(owner: PasswordOwner, publicUrl: string): string[] {
  const [mailbox] = owner.email?.split('@') ?? [];
  const wholes = [owner.name, owner.displayName, owner.email, mailbox, PRODUCT, new URL(publicUrl).hostname]
    .filter((whole) => typeof whole === 'string')
    .map(fold);
  const words = wholes.flatMap((whole) => [whole, ...whole.split(BETWEEN_WORDS)]);
  return [...new Set(words)].filter((word) => [...word].length >= SHORTEST_WORD);
}
