import type { AuditActorDto } from '@latchkey/auth-models';
import { COMMAND_LINE_ACTOR_ID, SERVER_ACTOR_ID } from '@latchkey/auth-models/lists';

/** Returns the name of an actor; the server's is translated. */
export function actorName({ id, name }: AuditActorDto, server: string): string {
  return id === SERVER_ACTOR_ID ? server : name;
}

/** Returns the router commands of an actor's page; `null` for the server and the command line, which are not users. */
export function actorLink({ id, name }: AuditActorDto): readonly string[] | null {
  return id === SERVER_ACTOR_ID || id === COMMAND_LINE_ACTOR_ID ? null : ['/users', name];
}
