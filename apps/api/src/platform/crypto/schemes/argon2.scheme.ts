import { normalizePassword } from '@latchkey/auth-models';
import { verify } from '@node-rs/argon2';
import { type HashScheme, KEY_MIN_BYTES, phcBytes } from './hash-scheme.js';

const FORM = /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(\d{1,8}),t=(\d{1,8}),p=(\d{1,3})\$([^$]+)\$([^$]+)$/;

/** 256 MiB. One hash per core is verified at a time. */
const MEMORY_MAX_KIB = 262_144;
/** KiB times passes; takes about a second. */
const WORK_MAX = 1_048_576;
const SALT_MIN_BYTES = 8;

/** argon2 PHC strings (RFC 9106): the hashes of this server, and all variants of other systems. */
export const ARGON2: HashScheme = {
  name: 'argon2',

  claims: (hash) => hash.startsWith('$argon2'),

  flaw: (hash) => {
    const [, memory, passes, lanes, saltText, hashText] = FORM.exec(hash) ?? [];
    const isWhole =
      Number(passes) >= 1 &&
      Number(lanes) >= 1 &&
      // RFC 9106, section 3.1.
      Number(memory) >= 8 * Number(lanes) &&
      phcBytes(saltText, SALT_MIN_BYTES) !== undefined &&
      phcBytes(hashText, KEY_MIN_BYTES) !== undefined;
    if (!isWhole) {
      return 'is not an argon2 hash in PHC form, such as $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH';
    }
    const isAffordable = Number(memory) <= MEMORY_MAX_KIB && Number(memory) * Number(passes) <= WORK_MAX;
    return isAffordable
      ? undefined
      : `costs too much: m is at most ${MEMORY_MAX_KIB}, and m times t at most ${WORK_MAX}`;
  },

  verify: (hash, password) => verify(hash, normalizePassword(password)),
};
