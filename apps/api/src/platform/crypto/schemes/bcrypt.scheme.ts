import { verify } from '@node-rs/bcrypt';
import { type HashScheme } from './hash-scheme.js';

/** Accepts all variants except `2x`, which marks hashes of a broken implementation. */
const FORM = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

const COST_MIN = 4;
/** About a second. */
const COST_MAX = 14;

/** bcrypt in modular crypt format. It uses the first 72 bytes of a password. */
export const BCRYPT: HashScheme = {
  name: 'bcrypt',

  claims: (hash) => hash.startsWith('$2'),

  flaw: (hash) => {
    const cost = Number(FORM.exec(hash)?.[1]);
    if (!(cost >= COST_MIN)) {
      return 'is not a bcrypt hash, such as $2b$12$ and 53 more characters';
    }
    return cost <= COST_MAX ? undefined : `costs too much: the cost is at most ${COST_MAX}`;
  },

  verify: (hash, password) => verify(password, hash),
};
