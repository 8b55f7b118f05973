export const NEXT_MIGRATIONS: readonly (readonly [string, ...string[]])[];
export const UNDO_NEXT: readonly string[];
