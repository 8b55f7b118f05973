import type { AuditActorDto } from '@latchkey/auth-models';
import { COMMAND_LINE_ACTOR_ID, LEAK_REPORT_ACTOR_ID, SERVER_ACTOR_ID } from '@latchkey/auth-models/lists';

/** Actors that are not users. */
const FIXED_IDS: readonly string[] = [SERVER_ACTOR_ID, COMMAND_LINE_ACTOR_ID, LEAK_REPORT_ACTOR_ID];

/** Name of the subject of bulk actions. */
export const BULK = 'bulk';

/** Returns the name of an actor; the server's is translated. */
export function actorName({ id, name }: AuditActorDto, server: string): string {
  return id === SERVER_ACTOR_ID ? server : name;
}

/** Returns the router commands of an actor's page; `null` for one that is not a user. */
export function actorLink({ id, name }: AuditActorDto): readonly string[] | null {
  return FIXED_IDS.includes(id) ? null : ['/users', name];
}
