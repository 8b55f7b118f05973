import { mostSimilar } from '../../common/most-similar.js';
import { LATCHKEY } from '../../common/program-name.js';
import { FILE_SUFFIX, VARIABLES, variableSetBy } from './variables.js';

const PREFIX = 'LATCHKEY_';

/** Returns advice for a name that is not a variable: the variable that was probably meant, or how to list all of them. */
export function adviseOnName(name: string): string {
  const upper = name.toUpperCase();
  const forms = [upper, upper.replace(PREFIX, ''), PREFIX + upper];
  const meant =
    forms.find(variableSetBy) ?? forms.map(mostSimilarVariable).find((known) => known !== undefined);
  return meant === undefined
    ? `${LATCHKEY} config init --print lists all variables.`
    : `Did you mean ${meant}?`;
}

/** Returns the variable with the most similar name. */
function mostSimilarVariable(name: string): string | undefined {
  const suffix = name.endsWith(FILE_SUFFIX) ? FILE_SUFFIX : '';
  return mostSimilar(
    name,
    Object.keys(VARIABLES).map((known) => known + suffix),
  );
}
