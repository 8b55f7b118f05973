import { refuseMember } from './refuse-member.js';

/** Says of a change's class that one thing is changed by another route: whoever sends it is told which. */
export function ChangedElsewhere(member: string, where: string): ClassDecorator {
  return refuseMember('changedElsewhere', member, where);
}
