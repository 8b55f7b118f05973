import { refuseMember } from './refuse-member.js';

/**
 * Says of a change's class that one thing cannot be changed, and why: whoever sends it is told more than that there is
 * no such member. The class itself has none.
 */
export function NeverChanges(member: string, reason: string): ClassDecorator {
  return refuseMember('neverChanges', member, reason);
}
