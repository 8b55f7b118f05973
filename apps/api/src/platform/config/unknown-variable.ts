import { Command } from 'commander';
import { LATCHKEY } from '../../common/program-name.js';
import { FILE_SUFFIX, VARIABLES, variableSetBy } from './variables.js';

const PREFIX = 'LATCHKEY_';

/** Returns advice for a name that is not a variable: the variable that was probably meant, or how to list all of them. */
export function adviseOnName(name: string): string {
  const upper = name.toUpperCase();
  const forms = [upper, upper.replace(PREFIX, ''), PREFIX + upper];
  const meant = forms.find(variableSetBy) ?? forms.map(mostSimilar).find((known) => known !== undefined);
  return meant === undefined
    ? `${LATCHKEY} config init --print lists all variables`
    : `Did you mean ${meant}?`;
}

/** Returns the variable with the most similar name. Commander suggests commands only, so the variables become commands. */
function mostSimilar(name: string): string | undefined {
  const suffix = name.endsWith(FILE_SUFFIX) ? FILE_SUFFIX : '';
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  Object.keys(VARIABLES).forEach((known) => program.command(known + suffix));
  try {
    program.parse([name], { from: 'user' });
  } catch (error) {
    return /Did you mean (?:one of )?(\w+)/.exec((error as Error).message)?.[1];
  }
  return undefined;
}
