/** Somebody or something that an entry is about beside its subject: one of many, or the owner of a token. */
export interface AuditedThing {
  readonly id: string;
  /** Absent for a token, which has none of its own. */
  readonly name?: string;
}

/** Everybody there was. Nobody has this id or this name. */
export const EVERYBODY = { id: '*', name: '*' } as const;
