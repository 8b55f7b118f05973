import { editedBuild, type Edits } from '../../../support/edited-build.js';

/** A deliberate bug in a server. */
export interface Sabotage {
  name: string;
  edits: Edits;
}

/** Creates a server with a bug, and returns its file. */
export function sabotaged({ name, edits }: Sabotage): string {
  return editedBuild(name, edits);
}
