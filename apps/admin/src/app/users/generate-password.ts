const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeio';
const GROUPS = 4;
const SYLLABLES_PER_GROUP = 3;

/**
 * A password that can be read out and typed: `tavodi-kemira-posano-zigeha`. 16 consonants and 4 vowels take exactly
 * 6 random bits a syllable, so its 27 characters hold 72.
 */
export function generatePassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * SYLLABLES_PER_GROUP));
  const syllables = Array.from(random, (byte) => `${CONSONANTS[byte & 15]}${VOWELS[(byte >> 4) & 3]}`);
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    syllables.slice(group * SYLLABLES_PER_GROUP, (group + 1) * SYLLABLES_PER_GROUP).join(''),
  );
  return groups.join('-');
}
